"""What becomes of questions whose worker is slow, dies, or has others before it. The worker is an odd, quick one."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from designers import is_alive

from actgen.designer.drawing import Drawing
from actgen.designer.mathematics import BusyError, Mathematician, MathematicsError, Question, SupersededError


@pytest.fixture(autouse=True)
def odd(monkeypatch):
    monkeypatch.setattr("actgen.designer.mathematics._WORKER", "odd_worker")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]))


def question(text, kind="compile", tab="", **more):
    return Question(kind, text, "tilt.yaml", tab, more)


def during(talk, limit_s=60.0, who: type[Any] = Mathematician):
    """What a conversation with a mathematician comes to."""

    async def meet():
        mathematician = who(limit_s)
        mathematician.start()
        try:
            return await talk(mathematician)
        finally:
            await mathematician.end()

    return asyncio.run(meet())


def test_one_worker_answers_one_after_the_other_and_is_gone_at_the_end():
    async def talk(mathematician):
        return await asyncio.gather(*(mathematician.ask(question(f"{n}", tab=f"{n}")) for n in range(5)))

    answers = during(talk)
    assert [(a["text"], a["served"]) for a in answers] == [(f"{n}", n) for n in range(5)]
    [pid] = {a["pid"] for a in answers}
    assert not is_alive(pid)


def test_only_the_newest_of_a_tab_and_kind_waits():
    async def talk(mathematician):
        asked = [
            question("old"),
            question("new"),
            question("other tab", tab="2"),
            question("other kind", "sources"),
            question("other target", "sources", targets=["kernel"]),
        ]
        return await asyncio.gather(*(mathematician.ask(q) for q in asked), return_exceptions=True)

    old, *others = during(talk)
    assert isinstance(old, SupersededError)
    assert [answer["text"] for answer in others] == ["new", "other tab", "other kind", "other target"]


def test_too_many_questions_are_refused():
    async def talk(mathematician):
        asked = (mathematician.ask(question("a", tab=f"{n}")) for n in range(40))
        return await asyncio.gather(*asked, return_exceptions=True)

    answers = during(talk)
    assert sum(isinstance(answer, BusyError) for answer in answers) == 8
    assert sum(isinstance(answer, dict) for answer in answers) == 32


@pytest.mark.parametrize(
    ("kind", "blank"),
    [("compile", {"program": None, "javascript": None, "data": None}), ("mathematics", {"activation": None})],
)
@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("sleep", "ACT901", "took over 2 s, and was stopped"),
        ("die", "ACT902", "was ended from outside"),
        ("memory", "ACT902", "ran out of memory"),
    ],
)
def test_what_cannot_be_finished_is_a_finding_and_the_next_question_has_a_new_worker(kind, blank, text, code, words):
    async def talk(mathematician):
        before = await mathematician.ask(question("before"))
        failed = await mathematician.ask(question(text, kind))
        return before, failed, await mathematician.ask(question("after"))

    before, failed, after = during(talk, limit_s=2)
    [found] = failed.pop("diagnostics")
    assert (found["code"], found["severity"], found["path"]) == (code, "error", "tilt.yaml")
    assert words in found["message"]
    assert found["help"]
    assert "--> tilt.yaml:1:1" in found["rendered"]
    assert failed == blank
    assert after["served"] == 0
    assert not is_alive(before["pid"])


def test_a_spec_is_not_blamed_for_the_memory_that_others_took():
    async def talk(mathematician):
        await mathematician.ask(question("before"))
        return await mathematician.ask(question("spoilt"))

    assert during(talk)["served"] == 0


def test_a_worker_that_was_killed_while_it_waited_is_replaced_unnoticed():
    async def talk(mathematician):
        before = await mathematician.ask(question("before"))
        os.kill(before["pid"], signal.SIGKILL)
        return before, await mathematician.ask(question("after"))

    before, after = during(talk)
    assert after["text"] == "after"
    assert after["pid"] != before["pid"]


def test_a_bug_is_told_and_the_worker_goes_on():
    async def talk(mathematician):
        with pytest.raises(MathematicsError, match="LookupError: no such row"):
            await mathematician.ask(question("bug"))
        return await mathematician.ask(question("after"))

    assert during(talk)["served"] == 1


def test_a_worker_that_does_not_start_is_told(monkeypatch):
    monkeypatch.setenv("ODD_WORKER_FAILS", "1")

    async def talk(mathematician):
        with pytest.raises(MathematicsError, match="does not start"):
            await mathematician.ask(question("a"))
        monkeypatch.delenv("ODD_WORKER_FAILS")
        return await mathematician.ask(question("b"))

    assert during(talk)["text"] == "b"


def test_the_end_does_not_wait_for_what_is_asked():
    async def talk(mathematician):
        asked = [asyncio.create_task(mathematician.ask(question(text, tab=text))) for text in ("sleep", "next")]
        await asyncio.sleep(0.5)
        await mathematician.end()
        return await asyncio.gather(*asked, return_exceptions=True)

    assert all(isinstance(answer, BusyError) for answer in during(talk))


def test_a_drawing_does_not_wait_for_what_another_tab_asked():
    async def talk(drawing):
        before = await drawing.ask(question("before", "draw", tab="1"))
        endless = asyncio.create_task(drawing.ask(question("sleep", "draw", tab="1")))
        await asyncio.sleep(0.1)
        others = [await asyncio.wait_for(drawing.ask(question(f"{n}", "draw", tab="2")), 20) for n in range(2)]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(drawing.ask(question("next", "draw", tab="1")), 0.5)
        endless.cancel()
        return before, others

    before, others = during(talk, who=Drawing)
    assert [answer["text"] for answer in others] == ["0", "1"]
    assert len({before["pid"], *(answer["pid"] for answer in others)}) == 2
    assert not any(is_alive(answer["pid"]) for answer in (before, *others))


def test_quick_drawings_of_two_tabs_need_one_process():
    async def talk(drawing):
        return await asyncio.gather(*(drawing.ask(question(f"{n}", "draw", tab=f"{n}")) for n in range(5)))

    assert len({answer["pid"] for answer in during(talk, who=Drawing)}) == 1
