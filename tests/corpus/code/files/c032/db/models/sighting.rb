class CreateSightings < ActiveRecord::Migration[7.1]
  def change
    create_table :sightings do |t|
      t.references :camera, null: false
      t.datetime :seen_at, null: false
      t.string :crop_key
      t.string :gender
      t.string :age_band
      t.string :skin_colour
      t.string :upper_colour
      t.string :lower_colour
      t.boolean :hat, default: false
      t.timestamps
    end
    add_index :sightings, %i[camera_id seen_at]
  end
end
