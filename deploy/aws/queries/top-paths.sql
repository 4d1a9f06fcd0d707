-- What was asked for most in the last seven days, and what it weighed.
SELECT
  host,
  path,
  count(*) AS requests,
  sum(bytesSent) AS bytes
FROM access_log
WHERE day >= CAST(CAST(current_date - INTERVAL '7' DAY AS DATE) AS VARCHAR)
  -- A line that was cut short has no fields.
  AND host IS NOT NULL
GROUP BY 1, 2
ORDER BY 3 DESC, 1, 2
LIMIT 100
