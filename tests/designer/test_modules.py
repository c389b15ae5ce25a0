"""Compiled JavaScript at addresses of its own."""

from actgen.designer.modules import Modules


def test_what_was_compiled_can_be_imported_without_a_token(page, client, session):
    async def ask(question):
        return {"diagnostics": [], "program": "y = x", "javascript": f"export const text = '{question.text}';"}

    session.first.ask = ask
    compiled = page.post("compile", {"text": "tilt"}).json()
    del client.headers["authorization"]
    module = client.get(compiled["module"])
    assert (module.text, compiled["javascript"]) == ("export const text = 'tilt';",) * 2
    assert module.headers["content-type"].startswith("text/javascript")


def test_a_module_is_found_by_its_name_alone_and_old_ones_go():
    modules = Modules()
    names = [modules.put(f"export const n = {n};") for n in range(20)]
    assert len(set(names)) == 20
    assert all(len(name) > 30 for name in names)
    assert modules.get(names[-1]) == "export const n = 19;"
    assert modules.get(names[0]) is None
    assert modules.put("export const n = 19;") == names[-1]
