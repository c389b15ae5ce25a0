"""Compiled JavaScript at addresses of its own."""

from actgen.designer.scripts import Scripts


def test_what_was_compiled_can_be_loaded_without_a_token(page, client, session):
    async def ask(question):
        return {"diagnostics": [], "program": "y = x", "javascript": f"var text = '{question.text}';"}

    session.second.ask = ask
    compiled = page.post("compile", {"text": "tilt"}).json()
    del client.headers["authorization"]
    script = client.get(compiled["script"])
    assert (script.text, compiled["javascript"]) == ("var text = 'tilt';",) * 2
    assert script.headers["content-type"].startswith("text/javascript")


def test_a_script_is_found_by_its_name_alone_and_old_ones_go():
    scripts = Scripts()
    names = [scripts.put(f"var n = {n};") for n in range(20)]
    assert len(set(names)) == 20
    assert all(len(name) > 30 for name in names)
    assert scripts.get(names[-1]) == "var n = 19;"
    assert scripts.get(names[0]) is None
    assert scripts.put("var n = 19;") == names[-1]
