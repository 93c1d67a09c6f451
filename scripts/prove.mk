# SPDX-License-Identifier: BSD-2-Clause
# Included by the Makefile: evidence for what docs/ says about the statistics,
# the measurements, and the reader of results. It takes minutes to hours.

## make simulate     check the coverage of confidence intervals (an hour);
##                   PART=shared: only machines with other users
.PHONY: simulate
SIMULATE := $(BUILD)/tests/simulate
DETECT   := $(BUILD)/tests/detect
$(SIMULATE): tests/simulate/simulate.c $(wildcard tests/simulate/*.h)
$(DETECT): tests/prove/detect.c tests/prove/detection.h
$(SIMULATE) $(DETECT): $(PARTS)
	@mkdir -p $(@D)
	$(Q)$(CC) -D_GNU_SOURCE $(CFLAGS_ALL) $(call IN,$(LAYERS)) $(LOOP_HEADERS) \
		-o $@ $(filter %.c,$^) $(PARTS) $(LIBS)
simulate: $(SIMULATE)
	@$(SIMULATE) $(or $(SEED),1) $(PART)

## make prove-aa     measure the share of false verdicts (15 min);
##                   HOG=1: while another process uses half of a CPU
## make prove-slowdown  measure the share of detected slowdowns (6 min; HOG=1)
## make prove-distance  draw cells with mixed core distances and by class (2 min)
## make prove-disturbed  measure cells with and without such a process (2 min)
## make prove-load   compare latencies under load with theory (2 min)
.PHONY: prove-aa prove-slowdown prove-distance prove-disturbed prove-load
PROOF  ?= results/proof
prove-aa: all
	@scripts/prove-aa $(BUILD) $(PROOF) $(or $(SESSIONS),4) $(or $(ROUNDS),12) \
		$(or $(DURATION),60ms) $(if $(HOG),hog)
prove-slowdown: all $(DETECT)
	@scripts/prove_slowdown.py $(BUILD) $(PROOF) $(or $(ROUNDS),380) \
		$(if $(HOG),hog)
prove-distance: all
	@scripts/prove_distance.py $(BUILD) $(PROOF) $(or $(ROUNDS),250)
prove-disturbed: all
	@scripts/prove_disturbed.py $(BUILD) $(PROOF)
prove-load: all
	@scripts/prove_load.py $(BUILD) $(PROOF)

## make fuzz         fuzz the reader of results (clang), FUZZ_SECONDS=60
.PHONY: fuzz
FUZZ_SECONDS ?= 60
FUZZED := bench/base/fault.c bench/base/text.c $(patsubst %,bench/results/%.c,columns record \
             lines reader results)
fuzz:
	@mkdir -p $(BUILD)/fuzz/corpus
	$(Q)clang -std=gnu11 -D_GNU_SOURCE -O1 -g -fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=undefined $(call IN,results base) -Isrc \
		-o $(BUILD)/fuzz/results tests/fuzz/results_fuzz.c $(FUZZED) $(LIBS)
	@cd $(BUILD)/fuzz && ./results -max_total_time=$(FUZZ_SECONDS) -max_len=300000 \
		-timeout=10 -rss_limit_mb=1024 -print_final_stats=1 corpus \
		$(CURDIR)/tests/fuzz/corpus
