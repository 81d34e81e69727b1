# rake task: prints the migration status of the face archive
namespace :faces do
  desc "Show migrated and pending migrations"
  task migration_status: :environment do
    ctx = ActiveRecord::Base.connection.migration_context
    ctx.migrations_status.each do |status, version, name|
      puts format("%-6s %-16s %s", status, version, name)
    end
    pending = ctx.migrations_status.count { |s, _, _| s == "down" }
    abort "#{pending} migrations not migrated" if pending.positive?
  end
end
