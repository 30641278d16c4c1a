/* SPDX-License-Identifier: MIT */
/* test_event_table.c - the list of the log's events is complete. */
#include "supervisor/log/event_table.h"
#include "tests/harness/run_suite.h"
#include <check.h>
#include <stdio.h>
#include <string.h>

START_TEST(every_event_has_a_name_of_its_own_and_a_meaning)
{
    const struct event_row *row = &event_table[_i];

    ck_assert(row->name != NULL && row->meaning != NULL);
    ck_assert_ptr_eq(event_table_find(row->name), row);
    ck_assert_ptr_null(row->fields[EVENT_FIELDS_MAX - 1].name);
}
END_TEST

START_TEST(every_field_has_a_name_of_its_own_and_a_meaning)
{
    const struct event_row *row = &event_table[_i];

    for (const struct event_field *field = row->fields; field->name; field++) {
        ck_assert(field->meaning != NULL);
        ck_assert_ptr_eq(event_table_field(row, field->name), field);
    }
}
END_TEST

START_TEST(markdown_has_a_line_for_every_event)
{
    static char text[32768];
    size_t length = event_table_markdown(text, sizeof(text)), lines = 0;
    char start[64];

    ck_assert_uint_lt(length, sizeof(text));
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    ck_assert_uint_eq(lines, LOG_EVENT_COUNT + 4);
    for (int id = 0; id < LOG_EVENT_COUNT; id++) {
        snprintf(start, sizeof(start), "\n| `%s` | ", event_table[id].name);
        ck_assert_msg(strstr(text, start) != NULL, "no line %s", start);
    }
}
END_TEST

START_TEST(an_unknown_name_is_not_found)
{
    ck_assert_ptr_null(event_table_find("exits"));
    ck_assert_ptr_null(event_table_field(event_table_find("exit"), "delay_us"));
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("event_table");

    tcase_add_loop_test(cases, every_event_has_a_name_of_its_own_and_a_meaning,
                        0, LOG_EVENT_COUNT);
    tcase_add_loop_test(cases, every_field_has_a_name_of_its_own_and_a_meaning,
                        0, LOG_EVENT_COUNT);
    tcase_add_test(cases, markdown_has_a_line_for_every_event);
    tcase_add_test(cases, an_unknown_name_is_not_found);
    return run_suite("event_table", cases);
}
