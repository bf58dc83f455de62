"""What is laid out, and where it ends up. Units are pixels; a place is the top left corner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Layout", "Link", "Point", "Size"]

Point = tuple[float, float]
Link = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of a box."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Places of boxes by their id, the points that each link passes, and the size of the whole."""

    places: Mapping[str, Point]
    routes: Mapping[Link, tuple[Point, ...]]
    size: Size

    def moved(self, by: Point) -> Layout:
        """The same elsewhere."""
        places = {name: (x + by[0], y + by[1]) for name, (x, y) in self.places.items()}
        routes = {link: tuple((x + by[0], y + by[1]) for x, y in points) for link, points in self.routes.items()}
        return Layout(places, routes, self.size)
