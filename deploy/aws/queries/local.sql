-- The table of the other files, for DuckDB, over the files as they are in the bucket. Say first where they are:
--   SET VARIABLE files = 'access-log/day=*/*.gz';
-- In Athena it is the Glue table of the data stack, with the same columns.
CREATE OR REPLACE TEMP VIEW access_log AS
SELECT *
FROM read_json(
  getvariable('files'),
  format = 'newline_delimited',
  ignore_errors = true,
  hive_partitioning = true,
  hive_types_autocast = false,
  columns = {
    "time": 'VARCHAR',
    requestId: 'VARCHAR',
    trace: 'VARCHAR',
    client: 'VARCHAR',
    method: 'VARCHAR',
    scheme: 'VARCHAR',
    host: 'VARCHAR',
    path: 'VARCHAR',
    protocol: 'VARCHAR',
    status: 'BIGINT',
    outcome: 'VARCHAR',
    site: 'VARCHAR',
    behaviour: 'VARCHAR',
    error: 'VARCHAR',
    completed: 'BOOLEAN',
    bytesSent: 'BIGINT',
    bytesReceived: 'BIGINT',
    micros: 'BIGINT',
    firstByteMicros: 'BIGINT',
    originMicros: 'BIGINT',
    userAgent: 'VARCHAR',
    referer: 'VARCHAR'
  });
