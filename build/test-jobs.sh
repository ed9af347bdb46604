#!/usr/bin/env bash
# Prints the end-to-end jobs of a part of the tests, longest first, one per line: a name, the program and its filter.
# A job is a test class, except that each test of the longest classes is a job, and classes that share expensive setup form one.
set -euo pipefail

part="$1" program="$2"
all=Releases.EndToEnd.Tests
"$program" -list methods -noColor | tr -d '\r' | sed -n "s/^$all\.//p" | awk -v part="$part" -v program="$program" -v all="$all" '
    BEGIN {
        split("Publishing.Builds Publishing.Publishes Recovery.A_daemon_that_dies_while Versions Recovery.A_daemon_that_dies " \
              "Promoting.A_promotion Progressive UnderLoad Aws.A_ Publishing Promoting Console", longest)
        whole["Versions"]
        split("Aws.A_release_on_AWS UnderLoad.A_busy_app", names)
        for (i in names) apart[names[i]]
        # The classes of such a job build with one MSBuild server, which takes one build at a time.
        split("A_build_of_a_whole_app What_a_build_ships What_a_release_has What_the_evidence_lists", builds)
        for (i in builds) joined["Publishing." builds[i]] = "Publishing.Builds"
        split("A_publish_that_is_refused A_publish_with_a_hook TwoProjects.A_publish_that_is_refused " \
              "TwoProjects.A_publish_that_promotes TwoProjects.A_publish_with_properties", publishes)
        for (i in publishes) joined["Publishing." publishes[i]] = "Publishing.Publishes"
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
        else { job = class in joined ? joined[class] : class; filter = "-class " all "." class }
        if ((job, filter) in seen) next
        seen[job, filter]
        if (!(job in filters)) order[++jobs] = job
        filters[job] = filters[job] " " filter
        if (class in joined) options[job] = " -parallel none"
    }
    END {
        for (n = 1; n <= jobs; n++) {
            place = 99
            for (i = 1; i in longest; i++) if (index(order[n], longest[i]) == 1) { place = i; break }
            print place, order[n] " " program options[order[n]] filters[order[n]]
        }
    }' | sort -s -n -k 1,1 | cut -d ' ' -f 2-
