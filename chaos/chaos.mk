# chaos.mk - experiments, run by make; included by the Makefile at the top.

.PHONY: chaos compare lessons

# The whole course, and a page with all of it; or one lesson of it.
lessons: all
	$(call require,libjs-dygraphs)
	@$(BUILD)/chaos lesson all

lesson-%: all FORCE
	$(call require,libjs-dygraphs)
	@$(BUILD)/chaos lesson $*

# All experiments that must hold, then one table.  About two minutes.
chaos: all
	$(call require,libjs-dygraphs)
	@chaos/experiments/all.sh $(BUILD)/chaos build/runs $(filter-out \
		%/control-no-keep.ini,$(wildcard chaos/experiments/*.ini))

# The same kills against every system that is installed here: a table, and a
# page.  What these end with is the finding, not a failure.
compare: all
	$(call require,libjs-dygraphs)
	@chaos/experiments/all.sh -k $(BUILD)/chaos build/runs/compare \
		$(wildcard chaos/experiments/others/*.ini)

# What these have within them, wherever they are compiled to.
EMBEDDING := $(BUILD)/obj build/fuzz/obj
$(EMBEDDING:%=%/chaos/report/html.o): chaos/report/page.html \
	chaos/report/page.js
$(EMBEDDING:%=%/chaos/report/template.o): chaos/report/style.css \
	chaos/report/charts.js
$(EMBEDDING:%=%/chaos/course/lessons_html.o): chaos/course/lessons.html \
	chaos/course/lessons.js
$(EMBEDDING:%=%/chaos/course/lua_values.o): chaos/course/stats.lua
