// Runs Lighthouse on each line of its input, "ADDRESS FORM", and prints each result as a line.
// One process and one Chromium for all: starting the two takes as long as looking at a page.
import { createInterface } from "node:readline";
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const [chromePath, ...chromeFlags] = process.argv.slice(2);
const chrome = await launch({ chromePath, chromeFlags: ["--headless=new", ...chromeFlags] });
const flags = {
  port: chrome.port,
  onlyCategories: ["performance", "accessibility", "best-practices", "seo"],
  disableFullPageScreenshot: true, // a picture for the report, which takes longer than the load
};
for await (const line of createInterface({ input: process.stdin })) {
  const [address, form] = line.split(" ");
  const { lhr } = await lighthouse(address, flags, form === "desk" ? desktopConfig : undefined);
  console.log(JSON.stringify(lhr));
}
await chrome.kill();
