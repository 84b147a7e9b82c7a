"""A stand-in build back end: answers pip's question for metadata, builds nothing (see tools/dev/llama.sh)."""

from pathlib import Path


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: object = None) -> str:
    folder = Path(metadata_directory) / "llama_cpp_python-0.3.36.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: llama-cpp-python\nVersion: 0.3.36\n")
    return folder.name
