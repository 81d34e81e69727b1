class AddColumnsToSightings < ActiveRecord::Migration[7.1]
  def change
    add_column :sightings, :faith_guess, :string, comment: "muslim, sikh, hindu, none; from garment net"
    add_column :sightings, :faith_score, :float
    add_column :sightings, :camera_slot, :integer, null: false, default: 0
    add_index :sightings, [:camera_slot, :created_at]
    add_index :sightings, :faith_guess

    reversible do |dir|
      dir.up { execute "UPDATE sightings SET camera_slot = 1 WHERE camera_slot = 0" }
    end
  end
end
