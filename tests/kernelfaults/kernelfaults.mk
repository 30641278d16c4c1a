# SPDX-License-Identifier: MIT
# kernelfaults.mk - system calls of the supervisor and of workers fail.
#
#   make kernelfaults            four calls of each kind, evenly spread
#   make kernelfaults POINTS=N   N calls of each kind; 0: every call

KERNELFAULT_TESTS := $(patsubst %.c,$(BUILD)/%, \
	$(wildcard tests/kernelfaults/test_*.c))
KERNELFAULT_HARNESS := $(filter-out \
	$(KERNELFAULT_TESTS:$(BUILD)/%=$(BUILD)/obj/%.o), \
	$(call objects,tests/kernelfaults/*.c)) \
	$(BUILD)/obj/tests/crashpoints/trace.o $(HARNESS)

$(KERNELFAULT_TESTS): $(BUILD)/%: $(BUILD)/obj/%.o $(KERNELFAULT_HARNESS) \
		$(FLOORS)
	@mkdir -p $(@D)
	@echo '  link $@'
	$(Q)$(LINK) -o $@ $^ $(CHECK) $(LIBS)

# More programs at a time than CPUs, because a story mostly waits.
KERNELFAULT_LONG := $(BUILD)/tests/kernelfaults/test_intermittent \
	$(BUILD)/tests/kernelfaults/test_lasting \
	$(BUILD)/tests/kernelfaults/test_worker
KERNELFAULT_SWEEPS := $(filter-out $(KERNELFAULT_LONG),$(KERNELFAULT_TESTS))

.PHONY: kernelfaults
kernelfaults: all $(KERNELFAULT_TESTS)
	@rm -rf $(BUILD)/kernelfaults
	@POINTS=$(POINTS) AT_A_TIME=$$(($$(nproc) * 2)) tests/run.sh \
		$(KERNELFAULT_LONG) \
		$(foreach part,1/3 2/3 3/3,$(KERNELFAULT_SWEEPS:%='% $(part)')) \
		>$(BUILD)/kernelfaults.txt; status=$$?; \
	cat $(BUILD)/kernelfaults/* $(BUILD)/kernelfaults.txt; exit $$status
