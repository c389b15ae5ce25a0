"""Kernels on DTensors, in two processes: every way to cut the input, held against the whole."""

import subprocess
import sys

import fused_modules
import pytest

SCRIPT = """
import sys
from pathlib import Path

import torch
import torch.distributed as dist
import torch.multiprocessing as mp

sys.path.insert(0, str(Path(__file__).parent))


def work(rank, store):
    from torch.distributed.tensor import Replicate, Shard, distribute_tensor, init_device_mesh

    import snake_torch

    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{store}", rank=rank, world_size=2)
    mesh = init_device_mesh("cpu", (2,))
    torch.manual_seed(0)
    x, a = torch.randn(4, 6, 10), torch.rand(6) + 0.5
    for channels in (a, a[:1]):
        whole = [t.clone().requires_grad_() for t in (x, channels)]
        expected = snake_torch.snake(*whole)
        expected.square().sum().backward()
        for placement in (Shard(0), Shard(1), Shard(2), Replicate()):
            parts = [distribute_tensor(x, mesh, [placement]), distribute_tensor(channels, mesh, [Replicate()])]
            parts = [t.requires_grad_() for t in parts]
            assert snake_torch._fused.takes((parts[0], parts[1].reshape(-1, 1) if channels is a else parts[1]))
            y = snake_torch.snake(*parts)
            assert y.placements == (placement,), y.placements
            y.square().sum().backward()
            for got, wanted in ((y, expected), *((p.grad, w.grad) for p, w in zip(parts, whole))):
                torch.testing.assert_close(got.full_tensor(), wanted)
    y = snake_torch.snake(distribute_tensor(x, mesh, [Shard(0)]))
    torch.testing.assert_close(y.full_tensor(), snake_torch.snake(x))
    dist.destroy_process_group()


if __name__ == "__main__":
    mp.spawn(work, (sys.argv[1],), nprocs=2)
    print("good")
"""


def test_each_process_computes_its_part(tmp_path):
    torch = pytest.importorskip("torch")
    assert torch.distributed.is_available()
    fused_modules.write_files(tmp_path, "torch", ("snake",))
    fused_modules.write_package(tmp_path)
    (tmp_path / "work.py").write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, str(tmp_path / "work.py"), str(tmp_path / "store")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.stdout == "good\n", done.stderr
