using System.Text.Json.Serialization.Metadata;
using Amazon.DynamoDBv2.Model;

namespace Releases.Aws;

/// <summary>Creates the actions of a transaction, with their conditions.</summary>
internal static class Write
{
    /// <summary>Puts an item, replacing an existing one.</summary>
    public static TransactWriteItem Put(string table, Item item) => new() { Put = new() { TableName = table, Item = item.Attributes } };

    /// <summary>Puts an item if it doesn't exist.</summary>
    public static TransactWriteItem PutNew(string table, Item item) => new()
    {
        Put = new()
        {
            TableName = table,
            Item = item.Attributes,
            ConditionExpression = $"attribute_not_exists({Keys.Partition})",
        },
    };

    /// <summary>Puts an item unless the existing one has an attribute.</summary>
    public static TransactWriteItem PutUnless(string table, Item item, string attribute) => new()
    {
        Put = new() { TableName = table, Item = item.Attributes, ConditionExpression = $"attribute_not_exists({attribute})" },
    };

    /// <summary>Replaces the item that was read with this revision; revision 0 means that there was none.</summary>
    public static TransactWriteItem Replace(string table, Item item, long revision)
    {
        item.With(Item.Revision, revision + 1);
        return revision == 0
            ? PutNew(table, item)
            : new()
            {
                Put = new()
                {
                    TableName = table,
                    Item = item.Attributes,
                    ConditionExpression = $"{Item.Revision} = :seen",
                    ExpressionAttributeValues = new() { [":seen"] = Item.Number(revision) },
                },
            };
    }

    /// <summary>Requires that an item still has this revision.</summary>
    public static TransactWriteItem Unchanged(string table, Key key, long revision) => new()
    {
        ConditionCheck = new()
        {
            TableName = table,
            Key = key.Attributes(),
            ConditionExpression = $"{Item.Revision} = :seen",
            ExpressionAttributeValues = new() { [":seen"] = Item.Number(revision) },
        },
    };

    /// <summary>Sets one attribute of an existing item.</summary>
    public static TransactWriteItem Set(string table, Key key, string name, long value) => new()
    {
        Update = new()
        {
            TableName = table,
            Key = key.Attributes(),
            UpdateExpression = $"SET {name} = :value",
            ConditionExpression = $"attribute_exists({Keys.Partition})",
            ExpressionAttributeValues = new() { [":value"] = Item.Number(value) },
        },
    };

    /// <summary>Replaces the document of an existing item, and keeps its other attributes.</summary>
    public static TransactWriteItem SetDocument<T>(string table, Key key, T document, JsonTypeInfo<T> type) => new()
    {
        Update = new()
        {
            TableName = table,
            Key = key.Attributes(),
            UpdateExpression = $"SET {Item.DocumentName} = :document",
            ConditionExpression = $"attribute_exists({Keys.Partition})",
            ExpressionAttributeValues = new() { [":document"] = new(Item.Serialize(document, type)) },
        },
    };

    public static TransactWriteItem Delete(string table, Key key) => new() { Delete = new() { TableName = table, Key = key.Attributes() } };
}
