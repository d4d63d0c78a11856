"""State that workers share, in Valkey: budgets, rate limits, breakers, answers. Lua scripts make each step one."""
