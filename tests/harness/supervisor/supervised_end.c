/* SPDX-License-Identifier: MIT */
#include "tests/harness/http/http_client.h"
#include "tests/harness/supervisor/supervised.h"
#include <check.h>
#include <stdlib.h>
#include <sys/wait.h>

const cJSON *supervised_totals(struct supervised *supervised)
{
    const cJSON *totals = event_log_last(&supervised->log);

    ck_assert_msg(totals != NULL, "the log is empty");
    ck_assert_str_eq(event_text(totals, "event"), "totals");
    return totals;
}

double supervised_answered(const cJSON *totals)
{
    return event_number(totals, "requests.answered") +
           event_number(totals, "requests.answered_after_retry");
}

char *supervised_errors(const struct supervised *supervised)
{
    return run_folder_read(&supervised->folder, RUN_FOLDER_ERRORS);
}

void supervised_finish_cut_short(struct supervised *supervised)
{
    ck_assert(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(
        supervised_totals(supervised), "balanced")));
    event_log_close(&supervised->log);
    run_folder_remove(&supervised->folder);
}

void supervised_finish_ended(struct supervised *supervised, int status)
{
    const cJSON *totals = supervised_totals(supervised);
    char *errors = supervised_errors(supervised);

    ck_assert_str_eq(errors, "");
    free(errors);
    ck_assert(
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(totals, "balanced")));
    ck_assert(event_number(totals, "connections.lost") == 0);
    ck_assert(event_number(totals, "requests.lost") == 0);
    ck_assert_int_eq(
        WIFEXITED(supervised->status) ? WEXITSTATUS(supervised->status) : -1,
        status);
    ck_assert_msg(!http_can_connect(supervised->port), "still listening");
    event_log_close(&supervised->log);
    run_folder_remove(&supervised->folder);
}

void supervised_finish(struct supervised *supervised)
{
    supervised_drain(supervised);
    supervised_finish_ended(supervised, 0);
}
