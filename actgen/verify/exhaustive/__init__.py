"""All 2^32 numbers of float32: in chunks, each judged as a sweep is, so that a run can be interrupted and goes on."""
