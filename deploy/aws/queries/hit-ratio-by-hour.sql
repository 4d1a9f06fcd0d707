-- For each hour (UTC) of the last seven days, how many percent of what a cache could have answered was answered by it.
SELECT
  substr("time", 1, 13) AS hour,
  count(*) AS requests,
  round(
    100 * CAST(sum(CASE WHEN outcome IN ('hit', 'stale', 'revalidated') THEN 1 ELSE 0 END) AS DOUBLE)
      / nullif(sum(CASE WHEN outcome IN ('hit', 'stale', 'revalidated', 'miss', 'pass') THEN 1 ELSE 0 END), 0),
    1) AS hit_percent
FROM access_log
WHERE day >= CAST(CAST(current_date - INTERVAL '7' DAY AS DATE) AS VARCHAR)
  -- A line that was cut short has no fields.
  AND host IS NOT NULL
GROUP BY 1
ORDER BY 1 DESC
LIMIT 1000
