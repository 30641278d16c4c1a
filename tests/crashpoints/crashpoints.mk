# SPDX-License-Identifier: MIT
# crashpoints.mk - workers are killed at every system call and instruction, and
# so are the workers that resume from them.
#
#   make crashpoints             every call; samples of instructions and pairs
#   make crashpoints SEED=N      the same samples
#   make proof                   every instruction; takes hours; continues
#                                where it stopped

CRASHPOINT_TESTS := $(patsubst %.c,$(BUILD)/%, \
	$(wildcard tests/crashpoints/test_*.c))
CRASHPOINT_HARNESS := $(filter-out \
	$(CRASHPOINT_TESTS:$(BUILD)/%=$(BUILD)/obj/%.o), \
	$(call objects,tests/crashpoints/*.c)) $(HARNESS)

$(CRASHPOINT_TESTS): $(BUILD)/%: $(BUILD)/obj/%.o $(CRASHPOINT_HARNESS) \
		$(FLOORS)
	@mkdir -p $(@D)
	@echo '  link $@'
	$(Q)$(LINK) -o $@ $^ $(CHECK) $(LIBS)

.PHONY: crashpoints proof
crashpoints: all $(CRASHPOINT_TESTS)
	@rm -rf $(BUILD)/crashpoints
	@SEED=$(SEED) tests/run.sh $(CRASHPOINT_TESTS) >$(BUILD)/crashpoints.txt; \
	status=$$?; cat $(BUILD)/crashpoints/* $(BUILD)/crashpoints.txt; \
	tests/crashpoints/sums.sh $(BUILD)/crashpoints/*; \
	exit $$status

# CASE=N: only that case.
proof: all $(BUILD)/tests/crashpoints/test_instructions
	@$(BUILD)/tests/crashpoints/test_instructions --all $(CASE)
