using System.Text.Json;
using Xunit;

namespace Releases.Tests;

public sealed class StoredDocumentTests
{
    [Fact]
    public void A_document_that_was_written_before_a_field_existed_reads_with_the_fields_default()
    {
        var promotion = JsonSerializer.Deserialize(
            """{"id":"PAAAAAAAAAA","app":"hello","release":"RAAAAAAAAAA","status":"checking","startedBy":"anna","startedAt":"2026-11-23T12:00:00Z","deadline":"2026-11-23T12:10:00Z"}""",
            StoreJson.Default.Promotion)!;
        Assert.Empty(promotion.Services);
        Assert.Empty(promotion.Retired);
    }
}
