# Plants faults in a copy of the sources, one at a time: the suites named for a fault have to notice it. Faults whose
# result is known are not run again; tests/mutation/mutation.py --help says how to run some of them, or all anew.
need "${build_packages[@]}" git python3
/usr/bin/python3 "$root/tests/mutation/mutation.py" --jobs "$jobs" --report
