"""What runs tests, one file a toolchain: found on this machine, told what to run, one row each."""
