// The least that a Probot app can do for a pull request: read it once.
import { run } from "probot";

await run((app) => {
  app.on("pull_request.opened", async (context) => {
    await context.octokit.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", context.pullRequest());
  });
});
