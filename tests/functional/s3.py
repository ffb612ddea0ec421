# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""AWS Signature Version 4, as much of it as asking s3api takes."""

import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

REGION = "us-east-1"
SCOPE_END = f"{REGION}/s3/aws4_request"


def headers(key, secret, method, host, path, query=(), body=b"", extra=None):
    """The headers of a signed request."""
    now = datetime.now(UTC)
    signed = {
        "host": host,
        "x-amz-date": now.strftime("%Y%m%dT%H%M%SZ"),
        "x-amz-content-sha256": hashlib.sha256(body).hexdigest(),
        **{name.lower(): value for name, value in (extra or {}).items()},
    }
    signature = _signature(
        secret, now, method, path, query, signed, signed["x-amz-content-sha256"]
    )
    scope = f"{now:%Y%m%d}/{SCOPE_END}"
    signed["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={key}/{scope},"
        f"SignedHeaders={';'.join(sorted(signed))},Signature={signature}"
    )
    return signed


def presigned_query(key, secret, method, host, path):
    """The query of an address that needs no header."""
    now = datetime.now(UTC)
    query = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{key}/{now:%Y%m%d}/{SCOPE_END}",
        "X-Amz-Date": now.strftime("%Y%m%dT%H%M%SZ"),
        "X-Amz-Expires": "300",
        "X-Amz-SignedHeaders": "host",
    }
    signature = _signature(
        secret, now, method, path, query.items(), {"host": host}, "UNSIGNED-PAYLOAD"
    )
    return urlencode({**query, "X-Amz-Signature": signature})


def _signature(secret, now, method, path, query, signed, payload):
    canonical = "\n".join(
        [
            method,
            path,
            "&".join(f"{quote(k, '')}={quote(v, '')}" for k, v in sorted(query)),
            "".join(f"{name}:{signed[name]}\n" for name in sorted(signed)),
            ";".join(sorted(signed)),
            payload,
        ]
    )
    text = "\n".join(
        [
            "AWS4-HMAC-SHA256",
            now.strftime("%Y%m%dT%H%M%SZ"),
            f"{now:%Y%m%d}/{SCOPE_END}",
            hashlib.sha256(canonical.encode()).hexdigest(),
        ]
    )
    key = ("AWS4" + secret).encode()
    for part in (now.strftime("%Y%m%d"), *SCOPE_END.split("/")):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
