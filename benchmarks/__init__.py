"""Benchmarks: how long a synth and a deploy take, beside a hand-written app and beside other libraries."""
