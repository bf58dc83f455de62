"""Layouts: boxes never overlap, links start and end at their boxes and lead to the right, whatever the graph."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from stackwarden.report.drawing.layout.heights import heights_of
from stackwarden.report.drawing.layout.layered import layered
from stackwarden.report.drawing.layout.layers import layers_of, without_circles
from stackwarden.report.drawing.layout.nested import nested
from stackwarden.report.drawing.layout.order import ordered
from stackwarden.report.drawing.layout.shapes import Layout, Link, Size

NAMES = [f"n{number}" for number in range(9)]
LINKS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=24, unique=True)
SIZES = st.fixed_dictionaries({name: st.builds(Size, st.integers(20, 200), st.integers(10, 60)) for name in NAMES})


def overlapping(made: Layout, boxes: Mapping[str, Size]) -> list[tuple[str, str]]:
    def apart(one: str, other: str) -> bool:
        (x, y), (u, v) = made.places[one], made.places[other]
        return (
            x + boxes[one].width <= u + 1e-6
            or u + boxes[other].width <= x + 1e-6
            or y + boxes[one].height <= v + 1e-6
            or v + boxes[other].height <= y + 1e-6
        )

    return [(one, other) for one, other in combinations(made.places, 2) if not apart(one, other)]


def joined(link: Link, made: Layout, boxes: Mapping[str, Size]) -> bool:
    """Whether a link starts and ends at the middle of the left or right edges of its boxes."""
    route = made.routes[link]
    for (x, y), name in ((route[0], link[0]), (route[-1], link[1])):
        left, top = made.places[name]
        at_edge = min(abs(x - left), abs(x - left - boxes[name].width)) < 1e-6
        if not at_edge or abs(y - top - boxes[name].height / 2) > 1e-6:
            return False
    return True


@given(SIZES, LINKS)
@settings(max_examples=120, deadline=None)
def test_boxes_are_apart_and_links_are_joined(boxes: dict[str, Size], links: list[Link]) -> None:
    made = layered(boxes, links)
    assert set(made.places) == set(boxes)
    assert overlapping(made, boxes) == []
    assert all(joined(link, made, boxes) for link in links if link[0] != link[1])
    for name, (x, y) in made.places.items():
        assert x >= 0 and y >= -1e-6
        assert x + boxes[name].width <= made.size.width + 1e-6
        assert y + boxes[name].height <= made.size.height + 1e-6
    assert layered(boxes, links) == made


@given(LINKS)
@settings(max_examples=120, deadline=None)
def test_without_circles_all_links_lead_to_a_later_layer(links: list[Link]) -> None:
    straight = without_circles(NAMES, links)
    layers = layers_of(NAMES, straight)
    assert all(layers[source] < layers[target] for source, target in straight)
    assert {frozenset(link) for link in straight} == {frozenset(link) for link in links if link[0] != link[1]}
    if all(NAMES.index(source) < NAMES.index(target) for source, target in links):
        assert set(straight) == set(links)  # nothing is turned around without need


@given(SIZES, LINKS, st.lists(st.sampled_from(["", "A", "A/B", "C"]), min_size=9, max_size=9))
@settings(max_examples=120, deadline=None)
def test_frames_hold_their_boxes_and_no_others(boxes: dict[str, Size], links: list[Link], chosen: list[str]) -> None:
    frame_of = dict(zip(NAMES, chosen, strict=True))
    made = nested(boxes, frame_of, links)
    assert set(made.layout.places) == set(boxes)
    assert overlapping(made.layout, boxes) == []
    assert all(joined(link, made.layout, boxes) for link in links if link[0] != link[1])
    for frame in made.frames:
        left, top = frame.place
        for name, (x, y) in made.layout.places.items():
            inside = left <= x and x + boxes[name].width <= left + frame.size.width
            inside = inside and top <= y and y + boxes[name].height <= top + frame.size.height
            assert inside == (f"{frame_of[name]}/".startswith(f"{frame.name}/"))


def test_a_crossing_that_need_not_be_is_removed() -> None:
    links = [("a", "x"), ("b", "y"), ("c", "z"), ("a", "z")]
    boxes = dict.fromkeys(["a", "b", "c", "z", "y", "x"], Size(50, 20))
    made = ordered(list(boxes), links, layers_of(list(boxes), links))
    assert crossings(made.rows, links) == 0


def crossings(rows: Sequence[Sequence[str]], links: Sequence[Link]) -> int:
    at = {name: index for row in rows for index, name in enumerate(row)}
    return sum((at[a] - at[c]) * (at[b] - at[d]) < 0 for (a, b), (c, d) in combinations(links, 2))


def test_a_chain_is_straight() -> None:
    links = [("a", "b"), ("b", "c"), ("c", "d")]
    names = list("abcd")
    made = ordered(names, links, layers_of(names, links))
    assert len(set(heights_of(made, dict.fromkeys(names, 20.0), 10.0).values())) == 1


def test_hundreds_of_boxes_take_seconds() -> None:
    chance = random.Random(1)
    names = [f"n{number}" for number in range(400)]
    links = list({(names[chance.randrange(399)], chance.choice(names)) for _ in range(800)})
    boxes = dict.fromkeys(names, Size(150, 46))
    before = time.process_time()
    made = layered(boxes, sorted(links))
    assert time.process_time() - before < 20
    assert len(made.places) == 400
