"""Ask the Parquet parts of a study with SQL, without loading them all (extra: sql)."""

import duckdb

import sim

if __name__ == "__main__":
    results = sim.Study.of("networks", regions=["thin-town"], seeds=3).run("results/example-sql")
    runs = results.runs
    parts = f"{results.store.runs_folder}/*.parquet"
    print(duckdb.sql(f"""
        select scenario, year, round(avg(value), 1) as jobs
        from read_parquet('{parts}', filename = true) as part
        join runs on part.filename like concat('%', runs.run_id, '.parquet')
        where indicator = 'jobs' and zone = 'all' and family = 'all' and year in (1, 15)
        group by all order by all"""))
