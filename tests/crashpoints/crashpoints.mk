# crashpoints.mk - workers die at every system call, at every instruction, and
# so do those that take up from them.
#
#   make crashpoints             every call, a sample of instructions and pairs
#   make crashpoints SEED=N      the same sample again
#   make proof                   every instruction; hours; goes on where it
#                                stopped

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

# CASE=N proves one case alone.
proof: all $(BUILD)/tests/crashpoints/test_instructions
	@$(BUILD)/tests/crashpoints/test_instructions --all $(CASE)
