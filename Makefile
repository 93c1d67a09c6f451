# ringbench. `make bench` and `make test` do everything; `make help` lists all.
# V=1 shows the commands.

.DEFAULT_GOAL := all

CC       ?= gcc
CXX      ?= g++
BUILD    ?= build
prefix   ?= /usr/local
PREFIX   ?= $(prefix)
V        ?= 0
JOBS     := $(shell nproc 2>/dev/null || echo 2)

ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin CXX),default)
CXX := $(if $(findstring clang,$(CC)),$(subst clang,clang++,$(CC)),g++)
endif

WARNINGS := -Wall -Wextra -Wshadow -Werror
# Declarations (params, tables) omit members that do not apply.
WARNINGS_C := -Wmissing-prototypes -Wstrict-prototypes -Wno-missing-field-initializers
# clang: errors if a backend lacks an operation. In gcc, -Wall includes them.
ifneq ($(findstring clang,$(CC)),)
WARNINGS += -Werror=undefined-internal -Werror=unused-function
endif

# Files from outside the tree (EXTRA_BACKENDS, EXTRA_SCENARIOS): warnings are
# shown and do not stop the build. Errors remain where the contract needs them:
# missing, misspelt and mistyped operations. gcc reports "used but never defined"
# as a pedantic error without a name.
OUTSIDE_WARNINGS := -Wno-error -Werror=unused-function
ifneq ($(findstring clang,$(CC)),)
OUTSIDE_WARNINGS += -Werror=undefined-internal
else
OUTSIDE_WARNINGS += -pedantic-errors -Wno-pedantic
endif

OPTIMISE ?= -O2
EXTRA    ?=
COMMON   := $(OPTIMISE) -g $(WARNINGS) -DRINGBENCH_GUARD $(EXTRA)
CFLAGS_ALL = -std=gnu11 $(WARNINGS_C) $(COMMON)
CXXFLAGS_ALL = -std=gnu++17 $(COMMON)

# Flags of the measured loops.
# -g1: line numbers only; information about variables doubles the compile time.
# -falign: the address of a loop changed its speed by up to a quarter.
# No vectoriser: it joins three 8-byte stores and then reads 16 bytes at once.
# The failed store forwarding raises the harness cost from 1 ns to 7 ns.
# No folding of equal functions: profiles would show the wrong loop.
# No link-time optimisation: it renames the loops.
LOOPS    := -falign-functions=64 -falign-loops=32 -g1
ifeq ($(findstring clang,$(CC)),)
LOOPS    += -fno-tree-vectorize -fno-tree-slp-vectorize -fno-ipa-icf
else
LOOPS    += -fno-vectorize -fno-slp-vectorize
endif

LIBS     = -lhwloc -ljansson -lcsv -lz -lgsl -lgslcblas $(LDLIBS_OF_BACKENDS) $(LIBCXX) -lm -lpthread

# The build finds backends and scenarios by their file names.
# EXTRA_BACKENDS, EXTRA_SCENARIOS: additional files from outside the tree. A
# folder means all files in it.
# WITHOUT: names of backends that are not built.
files_in  = $(filter $(addprefix %.,$(2)),$(foreach w,$(1),$(if $(wildcard \
              $(w)/.),$(sort $(wildcard $(addprefix $(w)/*.,$(2)))),$(w))))
BACKENDS  := $(sort $(wildcard bench/backends/*.c bench/backends/*.cc))
EXTERNALS := $(sort $(wildcard bench/backends/*.external) $(call files_in,$(EXTRA_BACKENDS),external))
SCENARIOS := $(sort $(wildcard bench/scenarios/*.c))
SCENARIOS += $(call files_in,$(abspath $(EXTRA_SCENARIOS)),c)
OUTSIDE   := $(call files_in,$(abspath $(EXTRA_BACKENDS)),c cc) \
             $(call files_in,$(abspath $(EXTRA_SCENARIOS)),c)
SCENARIO_DIRS := $(sort $(patsubst %/,%,$(dir $(SCENARIOS))))
# A header with measured loops lists them in a macro NAME_LOOPS(X).
LOOP_FILES := $(shell grep -l '^\#define [A-Z0-9_]*_LOOPS(X)' bench/loops/relay.h \
                $(wildcard $(addsuffix /*.h,$(SCENARIO_DIRS))))
# The folders of the harness. A folder may include only folders that precede it
# in this list.
LAYERS    := base stats web results host cells analysis merge revisions verdict recommend export observe runner tables pictures page commands
HARNESS   := $(foreach l,$(LAYERS),$(sort $(wildcard bench/$(l)/*.c))) bench/main.c
UNIT      := $(sort $(wildcard tests/unit/*_test.c))
BACKENDS  += $(sort $(call files_in,$(abspath $(EXTRA_BACKENDS)),c cc))
UNBUILT   := $(filter $(foreach b,$(WITHOUT),%/$(b).c %/$(b).cc),$(BACKENDS))
BACKENDS  := $(filter-out $(UNBUILT),$(BACKENDS))

include scripts/check-names.mk
include scripts/install.mk

# A line "NEEDS: header package" in a backend names a library that `make deps`
# does not install. Without the header, the backend is not built.
HEADERS_IN ?= /usr/include /usr/include/*-linux-gnu /usr/local/include
# file:header:package
NEEDS     := $(shell sed -n 's|^[/ *]*NEEDS: *||p;T;F' $(BACKENDS) | \
               while read -r header package && read -r file; do \
               echo "$$file:$$header:$$package"; done)
part      = $(word $(1),$(subst :, ,$(2)))
LEFT_OUT  := $(foreach n,$(NEEDS),$(if $(wildcard $(addsuffix \
               /$(call part,2,$(n)),$(HEADERS_IN))),,$(n)))
BACKENDS  := $(filter-out $(foreach n,$(LEFT_OUT),$(call part,1,$(n))),$(BACKENDS))
# NAME:PACKAGE of backends that are not built, for messages of the program.
LACKING   := $(foreach n,$(LEFT_OUT),$(notdir $(basename \
               $(call part,1,$(n)))):$(call part,3,$(n)))

# A line "CPPFLAGS: ..." in a backend adds folders of headers.
$(foreach b,$(shell grep -l '^[/ *]*CPPFLAGS: ' $(BACKENDS)),$(eval \
  CPPFLAGS_$(b) := $(shell sed -n 's|^[/ *]*CPPFLAGS: *||p' $(b))))

# A line "LDLIBS: -lname" in a backend names its library.
LDLIBS_OF_BACKENDS := $(sort $(shell sed -n \
             's|^[/ *]*LDLIBS: *\([-a-zA-Z0-9_+.: ]*\).*|\1|p' $(BACKENDS)))
# Backends whose operations are inlined, not calls of a library.
INLINE    := $(shell grep -L BACKEND_CALLS $(BACKENDS))

NAMES     := $(notdir $(basename $(BACKENDS)))
TWICE     := $(sort $(foreach n,$(NAMES),$(if $(filter-out 1,$(words \
               $(filter $(n),$(NAMES)))),$(n))))
ifneq ($(TWICE),)
$(error two backends are called $(TWICE); rename one of the files)
endif

OBJECTS_OF = $(patsubst %,$(BUILD)/%.o,$(basename $(1)))
OBJECTS   := $(call OBJECTS_OF,$(BACKENDS) $(SCENARIOS) $(HARNESS)) \
             $(BUILD)/registry_tables.o
PROGRAM   := $(BUILD)/ringbench
# Backends in C++ need the C++ library. It is linked statically, because a
# shared library makes the start of each observation 1.5 times as long.
LIBCXX    := $(if $(filter %.cc,$(BACKENDS)),-l:libstdc++.a -static-libgcc)

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-6s %s\n'
endif

RESULTS   ?= results/latest

.PHONY: all help
all: $(PROGRAM)
	@$(foreach n,$(LEFT_OUT),echo 'left out: $(basename $(notdir \
		$(call part,1,$(n)))): needs $(call part,3,$(n)); say make deps-peers';)

help:
	@sed -n 's/^## \(make [^ ]*\)  */\1\t/p; s/^##  */\t/p' Makefile scripts/*.mk | expand -t 21

## make bench        install missing packages, build, measure `tutorial` (4 min)
## make bench-quick  like bench, with a plan of 45 seconds
## make bench-full   like bench, with all combinations (hours)
define run_plan
	@$(PROGRAM) run --plan $(1); code=$$?; \
	if [ $$code -ne 2 ] && [ $$code -ne 130 ]; then \
		$(PROGRAM) plot || true; \
	fi; exit $$code
endef
.PHONY: bench bench-quick bench-full
bench: deps-bench
	@$(MAKE) --no-print-directory -j$(JOBS) all
	$(call run_plan,tutorial)
bench-quick: deps-bench
	@$(MAKE) --no-print-directory -j$(JOBS) all
	$(call run_plan,quick)
bench-full: deps-bench
	@$(MAKE) --no-print-directory -j$(JOBS) all
	$(call run_plan,full)

## make bench-peers  compare with queues of other libraries (6 min)
.PHONY: bench-peers
bench-peers: deps-bench deps-peers
	@$(MAKE) --no-print-directory -j$(JOBS) all
	$(call run_plan,peers)

## make bench-sweep  sweep capacity, batch, payload and threads (6 min)
.PHONY: bench-sweep
bench-sweep: deps-bench deps-peers
	@$(MAKE) --no-print-directory -j$(JOBS) all
	$(call run_plan,sweep)

## make bench-waiting  cost of waiting, write docs/waiting.md (6 min)
.PHONY: bench-waiting
bench-waiting: deps-bench
	@$(MAKE) --no-print-directory -j$(JOBS) all
	$(call run_plan,waiting)
	@$(MAKE) --no-print-directory waiting-page
.PHONY: waiting-page
waiting-page:
	@scripts/tutorial_page.py $(RESULTS) docs/waiting.md.in >docs/waiting.md.new
	@mv docs/waiting.md.new docs/waiting.md
	@echo 'page: docs/waiting.md'

## make tutorial     measure the tutorials, write docs/tutorial.md (3 min)
.PHONY: tutorial
tutorial: deps-bench
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@$(PROGRAM) run --plan replay
	@scripts/tutorial_page.py results/latest docs/tutorial.md.in >docs/tutorial.md.new
	@mv docs/tutorial.md.new docs/tutorial.md
	@echo 'page: docs/tutorial.md'

## make plots        draw the pictures of RESULTS (results/latest)
## make report       print tables and findings of RESULTS, write a page of them
## make compare      compare the runs BASE=DIR and NEW=DIR
.PHONY: plots report compare
plots: all
	@$(PROGRAM) plot $(RESULTS)
report: all
	@$(PROGRAM) report $(RESULTS)
	@$(PROGRAM) report $(RESULTS) --html
compare: all
	@$(PROGRAM) compare $(BASE) $(NEW)

## make crosscheck   check the measured times with hyperfine
.PHONY: crosscheck
crosscheck: deps-crosscheck
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@scripts/crosscheck

## make deps         install all packages that ringbench needs
## make deps-peers   install libraries with other queues (200 MB)
.PHONY: deps
deps:
	@scripts/install-deps bench test lint crosscheck install
.PHONY: deps-%
deps-%:
	@scripts/install-deps $*


$(PROGRAM): $(OBJECTS)
	$(say) LINK $@
	$(Q)$(CC) $(OPTIMISE) $(EXTRA) -Wl,--build-id=sha1 -o $@.new $^ $(LIBS)
	$(Q)$@.new list columns >/dev/null
	$(Q)mv $@.new $@

# The -I options of a folder contain only folders that it may include. src/
# includes only itself. A backend includes the contract and src/, not the
# harness. tests/cli/layers_test.py checks the includes of the build.
IN = $(addprefix -Ibench/,$(1))
LOOP_HEADERS := -Ibench/loops -Isrc -I$(BUILD) $(addprefix -I,$(SCENARIO_DIRS))
CELL_HEADERS := $(call IN,cells host results base) $(LOOP_HEADERS)
$(BUILD)/bench/base/%.o:      INCLUDES := -Isrc
$(BUILD)/bench/web/%.o:       INCLUDES := $(call IN,base) -Isrc
$(BUILD)/bench/stats/%.o:     INCLUDES :=
$(BUILD)/bench/results/%.o:   INCLUDES := $(call IN,base)
$(BUILD)/bench/merge/%.o:     INCLUDES := $(call IN,analysis) $(CELL_HEADERS)
$(BUILD)/bench/revisions/%.o: INCLUDES := $(call IN,analysis) $(CELL_HEADERS)
$(BUILD)/bench/host/%.o:      INCLUDES := $(call IN,base) -Isrc -I$(BUILD)
$(BUILD)/bench/cells/%.o:     INCLUDES := $(call IN,host results base) $(LOOP_HEADERS)
$(call OBJECTS_OF,$(SCENARIOS)): INCLUDES := $(call IN,web) $(CELL_HEADERS)
$(call OBJECTS_OF,$(SCENARIOS)): CFLAGS_ALL += $(LOOPS)
$(BUILD)/bench/analysis/%.o:  INCLUDES := $(call IN,stats) $(CELL_HEADERS)
$(BUILD)/bench/verdict/%.o:   INCLUDES := $(call IN,analysis stats) $(CELL_HEADERS)
$(BUILD)/bench/recommend/%.o: INCLUDES := $(call IN,analysis stats) $(CELL_HEADERS)
$(BUILD)/bench/export/%.o:    INCLUDES := $(call IN,analysis) $(CELL_HEADERS)
$(BUILD)/bench/observe/%.o:   INCLUDES := $(CELL_HEADERS)
$(BUILD)/bench/runner/%.o:    INCLUDES := $(call IN,observe analysis web) $(CELL_HEADERS)
$(BUILD)/bench/tables/%.o:    INCLUDES := $(call IN,analysis) $(CELL_HEADERS)
$(BUILD)/bench/pictures/%.o:  INCLUDES := $(call IN,analysis) $(CELL_HEADERS)
$(BUILD)/bench/page/%.o:      INCLUDES := $(call IN,tables pictures recommend analysis) $(CELL_HEADERS)
$(BUILD)/bench/commands/%.o:  INCLUDES := $(call IN,page tables pictures export recommend verdict analysis stats runner observe revisions merge web) $(CELL_HEADERS)
$(BUILD)/bench/main.o:        INCLUDES := $(call IN,commands host base)
$(BUILD)/%_tables.o:          INCLUDES := $(CELL_HEADERS)
$(call OBJECTS_OF,$(BACKENDS)): INCLUDES := $(LOOP_HEADERS)
$(call OBJECTS_OF,$(BACKENDS)): CFLAGS_ALL += $(LOOPS)
$(call OBJECTS_OF,$(BACKENDS)): CXXFLAGS_ALL += $(LOOPS)
$(call OBJECTS_OF,$(OUTSIDE)): COMMON += $(OUTSIDE_WARNINGS)
$(foreach b,$(BACKENDS),$(if $(CPPFLAGS_$(b)),$(eval \
  $(call OBJECTS_OF,$(b)): INCLUDES += $(CPPFLAGS_$(b)))))

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) -D_GNU_SOURCE $(CFLAGS_ALL) $(INCLUDES) -MMD -MP -c -o $@ $<

$(BUILD)/%.o: %.cc
	@mkdir -p $(@D)
	$(say) CXX $<
	$(Q)$(CXX) -D_GNU_SOURCE $(CXXFLAGS_ALL) $(INCLUDES) -MMD -MP -c -o $@ $<

# What workers.h compiles into every backend: the loops of all scenarios.
# Written only if it changes, because all backends depend on it.
$(BUILD)/scenario_loops.h: $(LOOP_FILES) $(BUILD)/names
	@scripts/make-loops $(LOOP_FILES) >$@.new
	@cmp -s $@.new $@ || cp $@.new $@
$(call OBJECTS_OF,$(BACKENDS)): | $(BUILD)/scenario_loops.h

# The list of backends and scenarios, made from the file names. make writes it
# again when a file is added or removed.
$(BUILD)/registry_tables.c: scripts/make-registry $(BUILD)/names $(EXTERNALS)
	$(say) GEN $@
	$(Q)scripts/make-registry '$(NAMES)' '$(notdir $(basename $(SCENARIOS)))' \
		'$(LACKING)' $(EXTERNALS) >$@.new
	$(Q)mv $@.new $@

$(BUILD)/%_tables.o: $(BUILD)/%_tables.c
	$(Q)$(CC) -D_GNU_SOURCE $(CFLAGS_ALL) $(INCLUDES) -MMD -MP -c -o $@ $<

.PHONY: FORCE
$(BUILD)/names: FORCE
	@mkdir -p $(@D)
	@echo '$(NAMES) $(SCENARIOS) $(EXTERNALS)' | cmp -s - $@ || \
		echo '$(NAMES) $(SCENARIOS) $(EXTERNALS)' >$@
	@echo $(abspath $(EXTRA_BACKENDS)) >$(@D)/EXTRA_BACKENDS
	@echo $(abspath $(EXTRA_SCENARIOS)) >$(@D)/EXTRA_SCENARIOS

# Tests. A unit test is one file. The contract tests run with each backend. The
# tests of the command line also use a program with faulty backends.
SANDBOX   := $(BUILD)/tests/refuse
UNITS     := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(UNIT))
CONTRACTS := $(patsubst %,$(BUILD)/tests/contract_%,$(NAMES))
FAULTY    := $(BUILD)/faulty/ringbench
# All objects except main.o. The linker uses only objects that a test needs.
PARTS     := $(BUILD)/parts.a
$(PARTS): $(filter-out $(BUILD)/bench/main.o,$(OBJECTS))
	$(Q)rm -f $@
	$(Q)ar rcsT $@ $^

# Nobody measures the code of a test, so it may compile faster.
TEST_CODE := -O1 -g1
$(UNITS): $(BUILD)/tests/%: tests/unit/%.c $(PARTS)
	@mkdir -p $(@D)
	$(say) TEST $<
	$(Q)$(CC) -D_GNU_SOURCE $(CFLAGS_ALL) $(TEST_CODE) -Wno-missing-prototypes \
		$(call IN,$(LAYERS)) $(LOOP_HEADERS) -MMD -MP -MF $@.d -o $@ $< \
		$(PARTS) -lcmocka $(LIBS)

# A sandbox that refuses system calls, for tests/cli/sandbox_test.py.
$(SANDBOX): tests/sandbox/refuse.c
	@mkdir -p $(@D)
	$(Q)$(CC) -D_GNU_SOURCE $(CFLAGS_ALL) -o $@ $<

# For objects whose loops nobody measures: the compiler decides what it inlines.
# Such an object compiles 4 times faster.
UNMEASURED := -DRINGBENCH_INLINE='inline __attribute__((unused))'

# The contract test is valid C and C++ and is compiled in the language of the
# backend. The measured loops are omitted, because the test does not run them.
CONTRACT_c  = $(CC) -D_GNU_SOURCE $(CFLAGS_ALL)
CONTRACT_cc = $(CXX) -D_GNU_SOURCE $(CXXFLAGS_ALL) \
              -Wno-missing-field-initializers -Wno-subobject-linkage -xc++
define contract_rule
$(BUILD)/tests/contract_$(notdir $(basename $(1))): $(1) tests/contract/contract_test.c | $(BUILD)/scenario_loops.h
	@mkdir -p $$(@D)
	$$(say) TEST "contract of $(1)"
	$$(Q)$$(CONTRACT$(subst .,_,$(suffix $(1)))) $(TEST_CODE) $(UNMEASURED) $(LOOP_HEADERS) -I. \
		$(CPPFLAGS_$(1)) -DWORKERS_WITHOUT_LOOPS \
		-DBACKEND_SOURCE='"$(1)"' -DBACKEND_NAME='"$(notdir $(basename $(1)))"' \
		-DBACKEND_SYMBOL=backend_$(notdir $(basename $(1))) \
		-MMD -MP -MF $$@.d -o $$@ tests/contract/contract_test.c -lcmocka $(LIBS)
endef
$(foreach b,$(BACKENDS),$(eval $(call contract_rule,$(b))))
$(patsubst %,$(BUILD)/tests/contract_%,$(notdir $(basename $(OUTSIDE)))): COMMON += $(OUTSIDE_WARNINGS)

# The program with the additional backends of tests/backends/. evil.c defines
# one backend for each line of evil_kinds.h.
FAULTS    := $(sort $(wildcard tests/backends/*.c tests/backends/*.cc))
FAULT_NAMES := $(filter-out evil,$(notdir $(basename $(FAULTS)))) $(shell \
               awk -F'[(),]' '$$1 == "EVIL" { print $$2 }' tests/backends/evil_kinds.h)
FAULTY_OBJECTS := $(call OBJECTS_OF,$(FAULTS)) $(BUILD)/faulty_tables.o \
             $(filter-out $(BUILD)/registry_tables.o,$(OBJECTS))
$(call OBJECTS_OF,$(FAULTS)): INCLUDES := $(LOOP_HEADERS)
$(call OBJECTS_OF,$(FAULTS)): | $(BUILD)/scenario_loops.h
$(call OBJECTS_OF,$(FAULTS)): COMMON += -g1
# indirect.o is for a test of check-asm, which looks at optimised loops.
$(call OBJECTS_OF,$(filter-out %/indirect.c,$(FAULTS))): COMMON += $(TEST_CODE) $(UNMEASURED)
$(BUILD)/faulty_tables.c: scripts/make-registry $(BUILD)/names $(FAULTS) \
		tests/backends/evil_kinds.h
	$(Q)scripts/make-registry '$(NAMES) $(FAULT_NAMES)' \
		'$(notdir $(basename $(SCENARIOS)))' '$(LACKING)' $(EXTERNALS) >$@
$(FAULTY): $(FAULTY_OBJECTS)
	@mkdir -p $(@D)
	$(say) LINK $@
	$(Q)$(CXX) $(OPTIMISE) $(EXTRA) -o $@ $^ $(LIBS)

## make test         install missing packages, build, run all tests
.PHONY: test tests check-asm
test: deps-test
	@$(MAKE) --no-print-directory -j$(JOBS) all tests
	@BUILD=$(BUILD) scripts/run-tests $(wildcard tests/cli/*_test.py) \
		$(UNITS) $(CONTRACTS)
tests: $(UNITS) $(CONTRACTS) $(FAULTY) $(BUILD)/tests/detect $(SANDBOX)

## make soak         faulty queues at all rates, kills, failed calls (an hour)
.PHONY: soak
soak: deps-test
	@$(MAKE) --no-print-directory -j$(JOBS) all $(FAULTY)
	@BUILD=$(BUILD) SOAK=1 EVIL_RATES=10,10000,1000000 scripts/run-tests \
		tests/cli/evil_test.py tests/cli/survival_test.py

include scripts/prove.mk

## make check-asm    check that measured loops contain no calls
check-asm: all
	@scripts/check-asm $(PROGRAM) $(call OBJECTS_OF,$(SCENARIOS) $(INLINE))

## make lint         check format and code (cppcheck, clang-tidy, pyflakes)
.PHONY: lint format docs
lint: deps-lint
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@scripts/lint $(BUILD)
format:
	@clang-format -i $$(git ls-files '*.c' '*.h' '*.cc')

## make asan         unit tests with AddressSanitizer; also tsan, ubsan
.PHONY: asan ubsan tsan
asan ubsan tsan: deps-test
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=$(BUILD)/$@ \
		OPTIMISE='-O1 -fno-omit-frame-pointer' EXTRA='$(SANITIZE_$@)' \
		WITHOUT='$(WITHOUT_$@)' ONLY='$(ONLY_$@)' sanitized
.PHONY: sanitized
SANITIZED := $(CONTRACTS) $(if $(ONLY),$(addprefix $(BUILD)/tests/,$(ONLY)),$(UNITS))
sanitized: $(SANITIZED)
	@scripts/run-tests $(SANITIZED)
# With sanitizers, gcc warns about text lengths that it cannot know.
SANITIZE_asan  := -fsanitize=address -Wno-format-truncation
SANITIZE_ubsan := -fsanitize=undefined -fno-sanitize-recover=all -Wno-format-truncation
# ThreadSanitizer reports false races in these libraries. It does not see the
# synchronisation in inline assembly (Concurrency Kit, liburcu, DPDK), in
# libraries built without it (GLib, JACK, TBB), in fences (moodycamel,
# atomic_queue, the lists of xenium), and in message queues of the kernel. Boost's
# queue reads nodes that may be in use again, then discards the value.
SANITIZE_tsan  := -fsanitize=thread -Wno-tsan -Wno-format-truncation
WITHOUT_tsan   := ck_spsc ck_spsc_ec ck_mpmc ck_stack ck_fifo_spsc ck_fifo_mpmc spinlock \
                  $(addprefix rte_ring,_hts _rts _spsc) rte_ring \
                  $(addprefix moodycamel,_block _spsc _tokens) moodycamel \
                  $(filter atomic_%,$(NAMES)) boost_queue \
                  glib_async_queue jack_ringbuffer urcu_wfcqueue \
                  tbb_bounded_queue mqueue \
                  xenium_ms xenium_ramalhete
ONLY_tsan      := eventcount_test oneshot_test handshake_verification_test stream_batch_test \
                  spsc_ring_test mpmc_ring_test scq_test \
                  waitable_test

## make docs         write docs/columns.md and the quotations in pages
docs: all
	@$(PROGRAM) list columns --markdown >docs/columns.md
	@scripts/quote_results.py README.md docs/*.md

## make check-report  open the page of a report in a browser
.PHONY: check-report
check-report: deps-browser
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@tests/browser/report_page.py $(PROGRAM)

## make check-hosts  measure on two hosts over SSH and through Slurm (root)
.PHONY: check-hosts
check-hosts: deps-hosts
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@BUILD=$(BUILD) tests/hosts/check_hosts.py

## make check-headers  compile src/ with all installed compilers
.PHONY: check-headers
check-headers:
	@scripts/check-headers

.PHONY: clean
clean:
	rm -rf $(BUILD)

# The identity of this build for run.json. Written again when it changes.
REVISION := $(shell git describe --always --dirty 2>/dev/null || echo unknown)
STAMP    := REVISION='$(REVISION)' FLAGS='$(CFLAGS_ALL) $(LOOPS)' CK='$(shell \
              pkg-config --modversion ck 2>/dev/null)'
$(BUILD)/build_stamp.h: FORCE
	@mkdir -p $(@D)
	@$(STAMP) scripts/make-stamp | cmp -s - $@ || \
		$(STAMP) scripts/make-stamp >$@
$(BUILD)/bench/host/build_info.o: $(BUILD)/build_stamp.h

-include $(OBJECTS:.o=.d) $(FAULTY_OBJECTS:.o=.d) $(addsuffix .d,$(UNITS) $(CONTRACTS))
