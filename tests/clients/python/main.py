"""What a client package makes of a stream: `main.py CLIENT URL` prints it as one line of JSON."""

import asyncio
import json
import sys


def openai(url):
    import openai

    client = openai.OpenAI(api_key="none", base_url=url + "v1", max_retries=0)
    stream = client.chat.completions.create(
        model="any", messages=[{"role": "user", "content": "Hi"}], stream=True
    )
    return [chunk.choices[0].delta.content for chunk in stream]


def anthropic(url):
    import anthropic

    client = anthropic.Anthropic(api_key="none", base_url=url, max_retries=0)
    stream = client.messages.create(
        model="any", max_tokens=10, messages=[{"role": "user", "content": "Hi"}], stream=True
    )
    return [event.delta.text if event.type == "content_block_delta" else event.type for event in stream]


def httpx_sse(url):
    import httpx
    from httpx_sse import connect_sse

    with httpx.Client() as client, connect_sse(client, "GET", url + "events") as source:
        return [[event.event, event.data, event.id] for event in source.iter_sse()]


def sseclient(url):
    from sseclient import SSEClient

    seen = []
    for event in SSEClient(url + "events"):
        seen.append([event.event, event.data, event.id or ""])
        # It connects again at the end of a response.
        if event.event == "closed":
            return seen


def mcp(url):
    async def call():
        from mcp import ClientSession
        from mcp.client.streamable_http import streamable_http_client

        async with streamable_http_client(url + "mcp") as (read, write, *_):
            async with ClientSession(read, write) as session:
                server = await session.initialize()
                tools = await session.list_tools()
                return [server.server_info.name, *(tool.name for tool in tools.tools)]

    return asyncio.run(call())


CLIENTS = {"anthropic": anthropic, "httpx-sse": httpx_sse, "mcp": mcp, "openai": openai, "sseclient": sseclient}

if __name__ == "__main__":
    client, url = sys.argv[1:]
    print(json.dumps(CLIENTS[client](url)))
