// The least that a Probot app can do for a pull request: read it once; or, with APP_IS_IDLE, only hear of it.
import { run } from "probot";

const isIdle = Boolean(process.env.APP_IS_IDLE);

await run((app) => {
  app.on("pull_request.opened", async (context) => {
    if (isIdle) return;
    await context.octokit.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", context.pullRequest());
  });
});
