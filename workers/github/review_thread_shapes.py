"""What is asked of GraphQL about review threads, and the shape of its answer."""

from __future__ import annotations

from pydantic import BaseModel, Field

THREADS_PER_PAGE = 100
LAST_COMMENTS = 20

# `databaseId` of comments ends at 32 bits, which their ids have passed.
THREADS = f"""
query ($owner: String!, $name: String!, $number: Int!, $after: String) {{
  repository(owner: $owner, name: $name) {{
    pullRequest(number: $number) {{
      reviewThreads(first: {THREADS_PER_PAGE}, after: $after) {{
        pageInfo {{ hasNextPage endCursor }}
        nodes {{
          id
          isResolved
          resolvedBy {{ databaseId }}
          first: comments(first: 1) {{ nodes {{ fullDatabaseId body author {{ ...who }} }} }}
          last: comments(last: {LAST_COMMENTS}) {{ nodes {{ author {{ ...who }} }} }}
        }}
      }}
    }}
  }}
}}
fragment who on Actor {{
  __typename
  ... on Bot {{ databaseId }}
  ... on User {{ databaseId }}
}}
"""


class Actor(BaseModel):
    """Who wrote or resolved; a bot has a user's id too."""

    kind: str = Field("", alias="__typename")
    id: int | None = Field(None, alias="databaseId")


class Comment(BaseModel):
    """One comment."""

    id: int | None = Field(None, alias="fullDatabaseId")
    body: str = ""
    author: Actor | None = None


class Comments(BaseModel):
    """Some comments of a thread."""

    nodes: list[Comment | None] | None = None

    @property
    def there(self) -> list[Comment]:
        """Those that GitHub shows."""
        return [one for one in self.nodes or () if one is not None]


class Thread(BaseModel):
    """A thread, with its first comment and its last ones."""

    id: str
    resolved: bool = Field(alias="isResolved")
    resolved_by: Actor | None = Field(None, alias="resolvedBy")
    first: Comments
    last: Comments


class PageInfo(BaseModel):
    """Where the next page begins."""

    more: bool = Field(alias="hasNextPage")
    cursor: str | None = Field(None, alias="endCursor")


class Page(BaseModel):
    """A page of a pull request's threads."""

    info: PageInfo = Field(alias="pageInfo")
    nodes: list[Thread | None] | None = None
