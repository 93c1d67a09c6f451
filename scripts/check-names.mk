# SPDX-License-Identifier: BSD-2-Clause
# Included by the Makefile: mistakes in EXTRA_BACKENDS, EXTRA_SCENARIOS and in the
# names of their files.

# These mistakes would otherwise give unclear compiler or linker errors. A plain
# make would silently remove the backends and scenarios that EXTRA_BACKENDS or
# EXTRA_SCENARIOS added before.
define check_extra
ABSENT    := $$(filter-out $$(wildcard $$($(1))),$$($(1)))
ifneq ($$(ABSENT),)
$$(error $(1) names $$(ABSENT), which does not exist; correct the path)
endif
# The build would ignore files with another ending.
ENDING    := $$(filter-out $(3),$$(foreach w,$$($(1)),$$(if $$(wildcard $$(w)/.),,$$(w))))
ifneq ($$(ENDING),)
$$(error $(1) names $$(ENDING), which does not end in $(subst %,,$(3)); rename the file)
endif
# So would it ignore a folder without such a file.
EMPTY     := $$(foreach w,$$($(1)),$$(if $$(wildcard $$(w)/.),$$(if $$(wildcard \
               $$(addprefix $$(w)/,$(subst %,*,$(3)))),,$$(w))))
ifneq ($$(strip $$(EMPTY)),)
$$(error $(1) names $$(EMPTY), which has no file that ends in $(subst %,,$(3)); correct the path)
endif
KEPT      := $$(shell cat $(BUILD)/$(1) 2>/dev/null)
ifneq ($$(if $$(filter undefined,$$(origin $(1))),$$(KEPT)),)
ifneq ($$(filter-out clean help format deps deps-%,$$(or $$(MAKECMDGOALS),all)),)
$$(error $(BUILD) was built with $(1)="$$(KEPT)"; repeat that to keep $(2), or say \
$(1)= to drop them)
endif
endif
endef
$(eval $(call check_extra,EXTRA_BACKENDS,these queues,%.c %.cc %.external))
$(eval $(call check_extra,EXTRA_SCENARIOS,these scenarios,%.c))
UNFIT     := $(shell printf '%s\n' $(BACKENDS) $(SCENARIOS) | \
               grep -vE '/[A-Za-z_][A-Za-z0-9_]*\.cc?$$')
ifneq ($(UNFIT),)
$(error $(UNFIT): the name of the file names the backend or scenario and must \
be a C identifier; rename the file with letters, digits and _ only)
endif
# file:name, if the name in EXPORT_BACKEND differs from the name of the file
MISNAMED  := $(shell awk -F'[ \t]*[(),][ \t]*' '$$1 == "EXPORT_BACKEND" { \
               file = FILENAME; sub(".*/", "", file); sub("[.].*", "", file); \
               if ($$2 != file) print FILENAME ":" $$2 }' $(BACKENDS) /dev/null)
ifneq ($(MISNAMED),)
$(error $(foreach m,$(MISNAMED),$(subst :,: EXPORT_BACKEND has the name ,$(m))) \
but must have the name of the file; change one of the two)
endif
UNNAMED   := $(if $(filter $(OUTSIDE),$(BACKENDS)),$(shell \
               grep -L '^EXPORT_BACKEND' $(filter $(OUTSIDE),$(BACKENDS))))
ifneq ($(UNNAMED),)
$(error $(UNNAMED): a backend ends with EXPORT_BACKEND, see \
docs/adding-a-backend.md; add it, or move the file to another folder)
endif
STRANGERS := $(filter-out $(notdir $(basename $(BACKENDS) $(UNBUILT))),$(WITHOUT))
ifneq ($(STRANGERS),)
$(error WITHOUT names $(STRANGERS), but no backend has this name; correct it)
endif
MISNAMED  := $(strip $(foreach s,$(SCENARIOS),$(if $(shell grep -l \
               '^const struct scenario scenario_$(basename $(notdir $(s))) ' \
               $(s)),,$(s))))
ifneq ($(MISNAMED),)
$(error $(MISNAMED): defines no struct scenario scenario_NAME with the name of \
the file; change one of the two)
endif
