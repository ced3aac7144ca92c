"""What a benchmark ran on: processor, memory, versions, and what else it had to do."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("numpy", "keras", "tensorflow", "jax", "onnxruntime", "tf2onnx")


def machine(torch: str | None = None) -> list[str]:
    """Lines of Markdown.

    Args:
        torch: a Python that has torch.
    """
    said = [processor(), f"{os.cpu_count()} cores"]
    memory = _after("/proc/meminfo", "MemTotal")
    if memory:
        said.append(f"{int(memory.split()[0]) / 2**20:.0f} GB")
    versions = [f"Python {platform.python_version()}", *(_version(name) for name in PACKAGES)]
    if torch:
        versions.append(f"torch {_answer([torch, '-c', 'import torch; print(torch.__version__)'])}")
    versions.append(_answer(["R", "--version"]).split(" (")[0])
    return [
        f"* {', '.join(said)}; {platform.system()} {platform.release().split('-')[0]}",
        f"* {', '.join(item for item in versions if item)}",
        f"* load {os.getloadavg()[0]:.1f} when it began",
    ]


def processor() -> str:
    """The processor's name."""
    return _after("/proc/cpuinfo", "model name") or platform.processor() or platform.machine()


def _after(path: str, key: str) -> str:
    lines = Path(path).read_text().splitlines() if Path(path).exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), "")


def _version(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return ""


def _answer(command: list[str]) -> str:
    """The first line that a command prints, or nothing where there is no such command."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip().splitlines()[0]
