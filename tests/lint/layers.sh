#!/bin/sh
# SPDX-License-Identifier: MIT
# layers.sh - includes point one way:
#
#   tests -> chaos -> supervisor -> worker
#
# and inside each program from a folder to the folders after it:
#
#   chaos:       cli, course, runner, report, experiment, trial, faults, load,
#                target, measure
#   supervisor:  lifecycle, handoff, connections, pool, log, options, system,
#                policy
#   worker:      app, process, serve, faults, http, protocol
#
# The files directly in chaos/ and supervisor/ are above all folders, except
# supervisor.h: it names the parts of the state, each of which is defined in a
# folder above it, and is between log and options.  The files directly
# in worker/ are public; clock.h and units.h are below everything, and handler.h
# and worker.h are directly above http.
#
# Pure code (policy, record, units) includes only the C library and other pure
# code.  chaos uses only the option tables, the table of events, the random
# numbers, the names of signals and the standard descriptors of the supervisor.

cd "$(dirname "$0")/../.." || exit 1

# Prints "FILE LINE INCLUDED" for each include of a header of this tree.
includes() {
    find worker supervisor chaos tests -name '*.[ch]' | sort |
        xargs awk 'match($0, /^ *# *include *"[^"]*"/) {
            split($0, part, "\""); print FILENAME, FNR, part[2] }'
}

# Prints "FILE LINE INCLUDED" for each system header that pure files include.
system_includes() {
    awk 'match($0, /^ *# *include *<[^>]*>/) {
        split($0, part, /[<>]/); print FILENAME, FNR, part[2] }' \
        supervisor/policy/*.[ch] worker/protocol/record.[ch] worker/units.[ch]
}

wrong=$({
    includes | awk '
        BEGIN {
            order("worker", "protocol http faults serve process app")
            order("supervisor", "policy system options log pool connections " \
                "handoff lifecycle")
            order("chaos", "measure target load faults trial experiment " \
                "report runner course cli")
            level["worker/clock"] = 0
            level["worker/units"] = 0
            level["worker/handler"] = 2.5
            level["worker/worker"] = 2.5
            level["supervisor/supervisor"] = 3.5
            level["supervisor/supervisor.c"] = 10
        }
        function order(program, rooms,    i, count, room) {
            count = split(rooms, room, " ")
            for (i = 1; i <= count; i++)
                level[program "/" room[i]] = i
            level[program] = count + 1
        }
        function program(path) {
            return substr(path, 1, index(path, "/") - 1)
        }
        function floor(path) {
            return index("  worker supervisor chaos tests", \
                " " program(path)) - 1
        }
        # A file with its own level, or the folder below the program.
        function place(path,    part, count, file) {
            if (path in level)
                return path
            file = path
            sub(/\.[ch]$/, "", file)
            if (file in level)
                return file
            count = split(path, part, "/")
            return count > 2 ? part[1] "/" part[2] : part[1]
        }
        function complain(why) {
            print $1 ":" $2 ": includes " $3 ": " why
        }
        floor($3) < 1 { complain("the path does not begin at the top folder"); next }
        floor($3) > floor($1) { complain("points upwards"); next }
        $3 ~ /main\.h$/ { complain("main has no header for others"); next }
        program($1) == program($3) && program($1) != "tests" {
            if (!(place($1) in level))
                complain(place($1) " is not in the order of folders")
            else if (!(place($3) in level))
                complain(place($3) " is not in the order of folders")
            else if (level[place($3)] > level[place($1)])
                complain(place($1) " is below " place($3))
        }
        $1 ~ /^supervisor\/policy\// && $3 !~ /^supervisor\/policy\// &&
            $3 !~ /^worker\/(protocol\/record|http\/identity|units)\.h$/ {
            complain("policy includes only pure code"); next }
        $1 ~ /^worker\/(protocol\/record|units)\./ &&
            $3 !~ /^worker\/(protocol\/record|units)\.h$/ {
            complain("pure code includes only pure code"); next }
        $1 ~ /^chaos\// && $3 ~ /^supervisor\// &&
            $3 !~ /^supervisor\/(options\/(option|command_line)|system\/std_fds|log\/event_table|policy\/(random|signal_name))\.h$/ {
            complain("chaos uses only options, event_table, random, signal_name and std_fds"); next }
    '
    system_includes | awk '
        $3 !~ /^(assert|ctype|errno|float|inttypes|limits|math|signal|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|strings|time)\.h$/ &&
        $3 !~ /^(arpa\/inet|netinet\/in|sys\/socket|sys\/un)\.h$/ {
            print $1 ":" $2 ": includes <" $3 ">: not in the C library" }
    '
})

[ -z "$wrong" ] && exit 0
echo "$wrong"
exit 1
