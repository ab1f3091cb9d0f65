"""The fonts of official documents, and whether this machine has them."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from ledgersync.messages import Message, message

# What GB/T 9704 asks for: name for people, names that fontconfig and Windows know it by.
_FONTS = {
    "仿宋": ("仿宋", "FangSong", "simfang.ttf", "方正仿宋"),
    "小标宋": ("小标宋", "FZXiaoBiaoSong", "fzxbsjw.ttf"),
    "黑体": ("黑体", "SimHei", "simhei.ttf", "Noto Sans CJK SC", "文泉驿正黑", "WenQuanYi"),
    "楷体": ("楷体", "KaiTi", "simkai.ttf", "AR PL UKai"),
}


def missing_fonts(installed: str) -> list[str]:
    """Of a text with the names of all fonts."""
    known = installed.lower()
    return [n for n, names in _FONTS.items() if not any(x.lower() in known for x in names)]


def installed_fonts() -> str:
    """Names of all fonts, or of their files, in one text; empty where nobody can tell."""
    windows = os.environ.get("WINDIR")
    if windows:
        local = Path(os.environ.get("LOCALAPPDATA", windows)) / "Microsoft/Windows/Fonts"
        folders = [f for f in (Path(windows) / "Fonts", local) if f.is_dir()]
        return "\n".join(p.name for folder in folders for p in folder.iterdir())
    return _listed() if shutil.which("fc-list") else ""


def _listed() -> str:
    try:
        return subprocess.run(
            ("fc-list", ":", "family"),
            capture_output=True,
            text=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def font_notes() -> Iterator[Message]:
    """That fonts are missing, where it is known which there are."""
    installed = installed_fonts()
    missing = missing_fonts(installed)
    if installed and missing:
        yield message(
            "本机没有公文字体{names}：Word 文件照写公文字体，换有字体的电脑即显示；PDF 用相近的。",
            names=missing,
        )
