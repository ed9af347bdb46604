using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Amazon.DynamoDBv2.Model;

namespace Releases.Aws;

/// <summary>One action of a transaction, with its condition.</summary>
internal static class Write
{
    /// <summary>Puts an item, whatever is there.</summary>
    public static TransactWriteItem Put(string table, Item item) => new() { Put = new() { TableName = table, Item = item.Attributes } };

    /// <summary>Puts an item if there is none.</summary>
    public static TransactWriteItem PutNew(string table, Item item) => new()
    {
        Put = new()
        {
            TableName = table,
            Item = item.Attributes,
            ConditionExpression = $"attribute_not_exists({Keys.Partition})",
        },
    };

    /// <summary>Puts an item unless the one that is there has an attribute.</summary>
    public static TransactWriteItem PutUnless(string table, Item item, string attribute) => new()
    {
        Put = new() { TableName = table, Item = item.Attributes, ConditionExpression = $"attribute_not_exists({attribute})" },
    };

    /// <summary>Puts an item in place of the one that was read; revision 0: none was there.</summary>
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

    /// <summary>Sets one attribute of an item that is there.</summary>
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

    /// <summary>Replaces the document of an item that is there, and leaves what is next to it.</summary>
    public static TransactWriteItem SetDocument<T>(string table, Key key, T document, JsonTypeInfo<T> type) => new()
    {
        Update = new()
        {
            TableName = table,
            Key = key.Attributes(),
            UpdateExpression = $"SET {Item.DocumentName} = :document",
            ConditionExpression = $"attribute_exists({Keys.Partition})",
            ExpressionAttributeValues = new() { [":document"] = new(JsonSerializer.Serialize(document, type)) },
        },
    };

    public static TransactWriteItem Delete(string table, Key key) => new() { Delete = new() { TableName = table, Key = key.Attributes() } };
}
