-- What each site sent and received, in bytes of bodies, on each of the last seven days.
SELECT
  day,
  coalesce(site, '-') AS site,
  sum(bytesSent) AS sent,
  sum(bytesReceived) AS received,
  count(*) AS requests
FROM access_log
WHERE day >= CAST(CAST(current_date - INTERVAL '7' DAY AS DATE) AS VARCHAR)
  -- A line that was cut short has no fields.
  AND host IS NOT NULL
GROUP BY 1, 2
ORDER BY 1 DESC, 3 DESC, 2
LIMIT 1000
