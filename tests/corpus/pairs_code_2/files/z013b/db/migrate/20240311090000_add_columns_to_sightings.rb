class AddColumnsToSightings < ActiveRecord::Migration[7.1]
  def change
    add_column :sightings, :building_kind, :string, comment: "mosque, temple, church, other; from facade net"
    add_column :sightings, :facade_score, :float
    add_column :sightings, :camera_slot, :integer, null: false, default: 0
    add_index :sightings, [:camera_slot, :created_at]
    add_index :sightings, :building_kind

    reversible do |dir|
      dir.up { execute "UPDATE sightings SET camera_slot = 1 WHERE camera_slot = 0" }
    end
  end
end
