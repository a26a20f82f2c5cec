// A library without code: what is tested is how its tests are run.
