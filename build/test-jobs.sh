#!/usr/bin/env bash
# Prints the end-to-end jobs of a part of the tests, longest first, one per line: a name, the program and its filter.
# A job is a test class, except that each test of the longest classes is a job, and classes that share expensive setup form one.
set -euo pipefail

part="$1" program="$2"
all=Releases.EndToEnd.Tests
"$program" -list methods -noColor | tr -d '\r' | sed -n "s/^$all\.//p" | awk -v part="$part" -v program="$program" -v all="$all" '
    BEGIN {
        split("Publishing.What_ Recovery.A_daemon_that_dies_while Versions Recovery.A_daemon_that_dies " \
              "Promoting.A_promotion Progressive UnderLoad Aws.A_ Publishing Promoting Console", longest)
        whole["Versions"]; whole["Publishing.TwoProjects"]
        split("Aws.A_release_on_AWS UnderLoad.A_busy_app", names)
        for (i in names) apart[names[i]]
        of["Aws"] = "aws"; of["Console"] = "console"; of["Publishing"] = of["Versions"] = of["Packages"] = "packages"
    }
    {
        class = $1; sub(/\.[^.]*$/, "", class)
        room = class; sub(/\.[^.]*$/, "", room)
        top = class; sub(/\..*/, "", top)
        mine = top in of ? of[top] : "racks"
        if (part != "all" && part != mine) next
        if (room in whole) { job = room; filter = "-namespace " all "." room }
        else if (class in apart) { job = $1; filter = "-method " all "." $1 }
        else { job = class; filter = "-class " all "." class }
        if (job in filters) next
        order[++jobs] = job
        filters[job] = filter
    }
    END {
        for (n = 1; n <= jobs; n++) {
            place = 99
            for (i = 1; i in longest; i++) if (index(order[n], longest[i]) == 1) { place = i; break }
            print place, order[n] " " program " " filters[order[n]]
        }
    }' | sort -s -n -k 1,1 | cut -d ' ' -f 2-
