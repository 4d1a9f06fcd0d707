-- What failed in the last seven days: by site, the behaviour that answered (its path pattern) and the gateway's category.
SELECT
  coalesce(site, '-') AS site,
  coalesce(behaviour, '-') AS behaviour,
  coalesce(error, '-') AS error,
  status,
  count(*) AS requests
FROM access_log
WHERE day >= CAST(CAST(current_date - INTERVAL '7' DAY AS DATE) AS VARCHAR)
  AND status >= 500
GROUP BY 1, 2, 3, 4
ORDER BY 5 DESC, 1, 2, 3, 4
LIMIT 100
