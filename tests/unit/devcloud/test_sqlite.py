# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0

import subprocess
import sys
import textwrap

from devcloud import sqlite


def test_a_prepared_database_stays_in_write_ahead_mode(tmp_path):
    file = tmp_path / "some.sqlite"
    sqlite.prepare(file)
    with sqlite.connection(file) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_copy_has_what_still_stands_in_the_log(tmp_path):
    source, target = tmp_path / "source.sqlite", tmp_path / "target.sqlite"
    sqlite.prepare(source)
    with sqlite.connection(source) as database:
        database.execute("CREATE TABLE things (name)")
        database.execute("INSERT INTO things VALUES ('written')")
        database.commit()
        sqlite.copy(source, target)
    with sqlite.connection(target) as database:
        assert database.execute("SELECT name FROM things").fetchall() == [("written",)]


# In a process of its own: the tuning is for the whole of it.
_TWO_WRITERS = """
    import threading
    from oslo_config import cfg
    from oslo_db.sqlalchemy import enginefacade
    from sqlalchemy import text
    from devcloud import sqlite

    @enginefacade.transaction_context_provider
    class Context:
        pass

    manager = enginefacade.transaction_context()
    manager.configure(connection=sys.argv[1])
    if sys.argv[2] == "tuned":
        sqlite.begin_writers_immediately()
    both_have_read, failures = threading.Barrier(2), []

    def read_then_write():
        try:
            with manager.writer.using(Context()) as session:
                session.execute(text("SELECT count(*) FROM things")).scalar()
                try:
                    # With the tuning the second cannot read before the first has written.
                    both_have_read.wait(1 if sys.argv[2] == "tuned" else 30)
                except threading.BrokenBarrierError:
                    pass
                session.execute(text("INSERT INTO things VALUES ('x')"))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=read_then_write) for _ in range(2)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    print(len(failures))
"""


def _failures(tmp_path, tuned, first=""):
    file = tmp_path / "some.sqlite"
    sqlite.prepare(file)
    with sqlite.connection(file) as database:
        database.execute("CREATE TABLE things (name)")
    script = f"import sys{first}{textwrap.dedent(_TWO_WRITERS)}"
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, sqlite.url(file), tuned],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return int(result.stdout)


def test_two_transactions_that_read_and_then_write_both_succeed(tmp_path):
    assert _failures(tmp_path, "tuned") == 0


def test_so_they_do_in_one_thread_that_eventlet_shares_out(tmp_path):
    assert _failures(tmp_path, "tuned", "; import eventlet; eventlet.monkey_patch()") == 0


def test_without_the_tuning_one_of_them_fails(tmp_path):
    assert _failures(tmp_path, "as it is") == 1
