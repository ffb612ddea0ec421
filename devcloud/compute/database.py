# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Nova's databases: the API's, cell0 and one cell with all computes."""

from pathlib import Path

from nova import context as nova_context
from nova import exception, objects
from nova.db import migration

from devcloud import sqlite
from devcloud.compute import config
from devcloud.settings import Settings

CELL0_UUID = objects.CellMapping.CELL0_UUID
CELL1_UUID = "00000000-0000-0000-0000-0000000000c1"


def migrate(settings: Settings) -> None:
    """Bring the schemas up to date and record the cells. A kept state is left as it is."""
    api, cell0, cell1 = (config.database(settings, name) for name in ("api", "cell0", "cell1"))
    cell0_is_new = not cell0.exists()
    sqlite.prepare(api, cell1)
    migration.db_sync(database="api")
    migration.db_sync(database="main")
    if cell0_is_new:
        # The schemas of all cells are the same: migrating one and copying it saves a second.
        sqlite.copy(cell1, cell0)
        sqlite.prepare(cell0)
    _map_cell(CELL0_UUID, "cell0", "none:///", cell0)
    _map_cell(CELL1_UUID, "cell1", "fake:///", cell1)


def _map_cell(uuid: str, name: str, transport_url: str, file: Path) -> None:
    context = nova_context.get_admin_context()
    connection = sqlite.url(file)
    try:
        cell = objects.CellMapping.get_by_uuid(context, uuid)
    except exception.CellMappingNotFound:
        cell = objects.CellMapping(context, uuid=uuid, name=name, transport_url=transport_url)
        cell.database_connection = connection
        cell.create()
    # A kept folder may have been moved.
    if cell.database_connection != connection:
        cell.database_connection = connection
        cell.save()
