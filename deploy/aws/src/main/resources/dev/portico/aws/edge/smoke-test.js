// Started by ECS when the test rule of the load balancer leads to the new gateways, and before viewers do. ECS goes on at
// SUCCEEDED and puts the old release back at FAILED. Each URL must answer 200 within the time, which also covers a new name in DNS.
exports.handler = async () => {
  const { URLS, FIELD, VALUE, SECONDS } = process.env;
  const end = Date.now() + Number(SECONDS) * 1000;
  for (const url of URLS.split(" ")) {
    let last = "was not asked";
    for (;;) {
      try {
        const answer = await fetch(url, { headers: { [FIELD]: VALUE }, signal: AbortSignal.timeout(10000), redirect: "manual" });
        await answer.arrayBuffer();
        if (answer.status === 200) break;
        last = `answered ${answer.status}`;
      } catch (failure) {
        last = `${failure.cause?.code ?? failure.name}`;
      }
      if (Date.now() > end) {
        console.log(JSON.stringify({ url, last, hookStatus: "FAILED" }));
        return { hookStatus: "FAILED" };
      }
      await new Promise((wait) => setTimeout(wait, Math.min(2000, Number(SECONDS) * 100)));
    }
    console.log(JSON.stringify({ url, status: 200 }));
  }
  return { hookStatus: "SUCCEEDED" };
};
