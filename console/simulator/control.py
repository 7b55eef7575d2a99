"""The control endpoint: shows the true state of the world and moves its people.

It answers below ``/control`` on the same port, to the loopback only, and requires the control token
of the ready line as a bearer token (``control_guard``). Every answer is JSON. An error is
``{"error": "..."}`` with 400, 401, 403 or 404. For an unknown call or conference it is the error
that the API itself would give.

==== ================================================ ===========================================
GET  ``/control/state``                               conferences, queues, recordings, calls
GET  ``/control/keys``                                the API key, a read-only one, the public key
GET  ``/control/requests?since=N``                    the API requests received after number N
GET  ``/control/deliveries``                          counts, and the last bodies attempted
GET  ``/control/process``                             processor seconds used by the simulator
POST ``/control/calls``                               somebody calls in; body below
POST ``/control/calls/{call_control_id}/hangup``      the caller hangs up; ``{"cause"?}``
POST ``/control/calls/{call_control_id}/answer``      a ringing call is answered
POST ``/control/calls/{call_control_id}/digits``      the caller presses keys; ``{"digits"}``
POST ``/control/conferences/{id}/floor``              somebody speaks; ``{"call_control_id"}``
GET  ``/control/faults``                              rate and count of each fault
PUT  ``/control/faults/{name}``                       ``{"rate": 0..1}``
==== ================================================ ===========================================

The body of a call is ``{"from", "to", "client_state"?, "name"?, "ringing"?}``. The call is answered
and parked unless ``ringing`` is true. The answer has call_control_id, call_leg_id and
call_session_id.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

from console.simulator import conferences, dtmf_gather, legs, participants, true_state
from console.simulator.errors import ApiError
from console.simulator.http_types import Json, Request, Response, json_response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from console.simulator.faults import Faults
    from console.simulator.gateway import Gateway
    from console.simulator.models import Leg
    from console.simulator.webhook_delivery import WebhookSender
    from console.simulator.world import World

OK: Json = {"result": "ok"}


@dataclass(frozen=True, slots=True)
class Control:
    """The control endpoint, with everything it shows or moves."""

    world: World
    gateway: Gateway
    webhook_sender: WebhookSender
    faults: Faults
    public_key: str

    def answer(self, request: Request) -> Response:
        """Answer one request, whose path is relative to ``/control``."""
        self.world.catch_up()
        try:
            return self._route(request)
        except ApiError as error:
            return error.response()
        except KeyError as error:
            return json_response(400, {"error": f"{error.args[0]} is missing"})
        except (TypeError, ValueError) as error:
            return json_response(400, {"error": str(error)})

    def _route(self, request: Request) -> Response:
        parts = [unquote(part) for part in request.path.strip("/").split("/")]
        body = cast("Mapping[str, Json]", json.loads(request.body or b"{}"))
        match request.method, parts:
            case "GET", [what] if what in self._views:
                data = self._views[what](request.query)
            case "PUT", ["faults", name]:
                self.faults.set_rate(name, float(cast("float", body["rate"])))
                data = cast("Json", self.faults.as_json()[name])
            case "POST", ["calls"]:
                data = self._call_in(body)
            case "POST", ["calls", ccid, what] if what in self._moves:
                self._moves[what](legs.find(self.world, ccid), body)
                data = OK
            case "POST", ["conferences", conference, "floor"]:
                data = self._floor(conference, str(body["call_control_id"]))
            case _:
                return json_response(404, {"error": "unknown control path"})
        return json_response(200, data)

    @property
    def _views(self) -> Mapping[str, Callable[[Mapping[str, str]], Json]]:
        return {
            "state": lambda _query: true_state.as_json(self.world),
            "keys": lambda _query: {
                "api_key": self.gateway.api_key,
                "read_only_key": self.gateway.read_only_key,
                "public_key": self.public_key,
            },
            "requests": lambda query: self.gateway.requests_since(int(query.get("since", "0"))),
            "deliveries": lambda _query: self.webhook_sender.as_json(),
            "process": lambda _query: {"cpu_secs": time.process_time()},
            "faults": lambda _query: cast("Json", self.faults.as_json()),
        }

    @property
    def _moves(self) -> Mapping[str, Callable[[Leg, Mapping[str, Json]], None]]:
        world = self.world
        return {
            "hangup": lambda leg, body: legs.hang_up(
                world, leg, str(body.get("cause", "normal_clearing")), "caller"
            ),
            "answer": lambda leg, _body: legs.answer(world, leg),
            "digits": self._press,
        }

    def _call_in(self, body: Mapping[str, Json]) -> Json:
        leg = legs.incoming(
            self.world,
            str(body["from"]),
            str(body["to"]),
            client_state=cast("str | None", body.get("client_state")),
            name=cast("str | None", body.get("name")),
        )
        leg.operated = True
        if not body.get("ringing"):
            legs.answer(self.world, leg)
        return {
            "call_control_id": leg.call_control_id,
            "call_leg_id": leg.call_leg_id,
            "call_session_id": leg.call_session_id,
        }

    def _press(self, leg: Leg, body: Mapping[str, Json]) -> None:
        for digit in str(body["digits"]):
            dtmf_gather.press(self.world, leg, digit)

    def _floor(self, conference_id: str, call_control_id: str) -> Json:
        conference = conferences.find(self.world, conference_id)
        speaker = participants.find(conference, call_control_id)
        return {"changed": participants.give_floor(self.world, conference, speaker)}
