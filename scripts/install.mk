# SPDX-License-Identifier: BSD-2-Clause
# Included by the Makefile: installing, removing, and the Debian package.
#
# DESTDIR is put before every path and may contain blanks. PREFIX (or prefix) is
# /usr/local.

VERSION := $(shell sed -n 's/^\#define RINGBENCH_VERSION "\(.*\)"/\1/p' \
             src/ringbench_version.h)
DATADIR   = $(PREFIX)/share
MANDIR    = $(DATADIR)/man/man1
PCDIR     = $(PREFIX)/lib/pkgconfig
BASHDIR   = $(DATADIR)/bash-completion/completions
ZSHDIR    = $(DATADIR)/zsh/site-functions
FISHDIR   = $(DATADIR)/fish/vendor_completions.d
# Files below share/ringbench, which the program looks for there.
SHARED   := $(wildcard bench/plans/*.plan plots/*.gp docs/schemas/*.json \
              scripts/python_reference/*.py)

## make install-headers  install the headers of src/ below PREFIX
.PHONY: install-headers
install-headers:
	for f in src/*.h; do \
		install -Dm644 $$f \
			"$(DESTDIR)$(PREFIX)/include/ringbench/$${f#src/}"; \
	done
	mkdir -p "$(DESTDIR)$(PCDIR)"
	sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|' src/ringbench.pc.in \
		>"$(DESTDIR)$(PCDIR)/ringbench.pc"

## make install      install program, manual, completion, headers below PREFIX
.PHONY: install install-files uninstall
install: deps-install
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@$(MAKE) --no-print-directory install-files
# Without the check for missing packages.
install-files: install-headers
	install -Dm755 $(PROGRAM) "$(DESTDIR)$(PREFIX)/bin/ringbench"
	scripts/make-manual $(abspath $(PROGRAM)) $(BUILD)/manual
	install -d "$(DESTDIR)$(MANDIR)"
	install -m644 $(BUILD)/manual/*.1 "$(DESTDIR)$(MANDIR)"
	install -Dm644 scripts/completion/ringbench.bash \
		"$(DESTDIR)$(BASHDIR)/ringbench"
	install -Dm644 scripts/completion/_ringbench "$(DESTDIR)$(ZSHDIR)/_ringbench"
	install -Dm644 scripts/completion/ringbench.fish \
		"$(DESTDIR)$(FISHDIR)/ringbench.fish"
	for f in $(SHARED); do \
		install -Dm644 $$f "$(DESTDIR)$(DATADIR)/ringbench/$$f"; \
	done
	install -Dm755 scripts/python_reference.py \
		"$(DESTDIR)$(DATADIR)/ringbench/scripts/python_reference.py"

## make uninstall    remove what `make install` installed below PREFIX
uninstall:
	rm -f "$(DESTDIR)$(PREFIX)/bin/ringbench" "$(DESTDIR)$(PCDIR)/ringbench.pc" \
		"$(DESTDIR)$(MANDIR)/ringbench.1" "$(DESTDIR)$(MANDIR)"/ringbench-*.1 \
		"$(DESTDIR)$(BASHDIR)/ringbench" "$(DESTDIR)$(ZSHDIR)/_ringbench" \
		"$(DESTDIR)$(FISHDIR)/ringbench.fish"
	rm -rf "$(DESTDIR)$(PREFIX)/include/ringbench" "$(DESTDIR)$(DATADIR)/ringbench"

## make check-package  build the Debian package in a clean chroot (10 min)
.PHONY: check-package
check-package:
	@scripts/install-deps package
	@scripts/check-package $(VERSION)
