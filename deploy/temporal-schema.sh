#!/bin/sh
# Makes Temporal's two databases and brings their tables to the release of this image. Connection: SQL_* variables.
set -eu

for name in temporal visibility; do
  case $name in
    temporal) database=temporal ;;
    visibility) database=temporal_visibility ;;
  esac
  temporal-sql-tool --db "$database" create-database
  temporal-sql-tool --db "$database" setup-schema --version 0.0
  temporal-sql-tool --db "$database" update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$name/versioned"
done
