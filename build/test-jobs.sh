#!/usr/bin/env bash
# Prints the end-to-end jobs of a part of the tests, longest first, one per line: a name, the program and its filter.
# A job is a test class, except that each test of the longest classes is a job, and classes that share expensive setup form one.
set -euo pipefail

part="$1" program="$2"
all=Releases.EndToEnd.Tests
"$program" -list methods -noColor | tr -d '\r' | sed -n "s/^$all\.//p" | awk -v part="$part" -v program="$program" -v all="$all" '
    BEGIN {
        split("Recovery.A_daemon_that_dies_while Versions Recovery.A_daemon_that_dies Promoting.A_promotion Progressive UnderLoad " \
              "Publishing.What_a_build_ships Aws.A_ Publishing.TwoProjects Publishing Promoting Console", longest)
        whole["Versions"]; whole["Publishing.TwoProjects"]
        split("Publishing.What_a_build_ships Publishing.What_a_release_has Aws.A_release_on_AWS UnderLoad.A_busy_app", names)
        for (i in names) apart[names[i]]
        of["Aws"] = "aws"; of["Console"] = "console"; of["Publishing"] = of["Versions"] = of["Packages"] = "packages"
    }
    {
        class = $1; sub(/\.[^.]*$/, "", class)
        room = class; sub(/\.[^.]*$/, "", room)
        top = class; sub(/\..*/, "", top)
        mine = top in of ? of[top] : "racks"
        if (part != "all" && part != mine) next
        if (room in whole) job = room " " program " -namespace " all "." room
        else if (class in apart) job = $1 " " program " -method " all "." $1
        else job = class " " program " -class " all "." class
        if (job in seen) next
        seen[job]
        place = 99
        for (i = 1; i in longest; i++) if (index(job, longest[i]) == 1) { place = i; break }
        print place, job
    }' | sort -s -n -k 1,1 | cut -d ' ' -f 2-
