using Releases.Testing;
using Xunit;

namespace Releases.Tests;

/// <summary>What tests share with other threads and processes: whoever reads while others write sees a whole text, or a whole list.</summary>
public sealed class SharedTextTests
{
    private const int Writers = 4;
    private const int Each = 200;

    /// <summary>So often that what isn't safe breaks here, and not now and then elsewhere.</summary>
    private const int Rounds = 30;

    [Fact]
    public async Task A_text_is_read_while_it_is_written_and_no_line_is_torn()
    {
        using var text = new SharedText();
        for (var round = 0; round < Rounds; round++)
        {
            await WhileWriting(n => text.WriteLine($"line {n}"), () =>
            {
                var read = text.ToString();
                Assert.True(read.Length == 0 || read[^1] == '\n', read);
            });
            Assert.Equal(Numbers.Select(n => $"line {n}").Order(StringComparer.Ordinal),
                text.ToString().TrimEnd('\n').Split('\n').Order(StringComparer.Ordinal));
            text.Clear();
            Assert.Equal("", text.ToString());
        }
    }

    [Fact]
    public async Task Whatever_writes_to_a_text_is_in_it()
    {
        using var text = new SharedText();
        text.Write('a');
        text.Write("b");
        text.Write(['c', 'd'], 1, 1);
        text.Write("e".AsSpan());
        await text.WriteAsync("f".AsMemory(), TestContext.Current.CancellationToken);
        await text.WriteLineAsync("g");
        text.WriteLine();
        text.Write($"{1.5}");
        Assert.Equal("abdefg\n\n1.5", text.ToString());
    }

    [Fact]
    public async Task A_list_is_enumerated_while_it_grows_and_has_everything_that_was_added()
    {
        SharedList<int> list = [];
        for (var round = 0; round < Rounds; round++)
        {
            await WhileWriting(list.Add, () => Assert.DoesNotContain(-1, list));
            Assert.Equal(Numbers, list.Order());
            list.Clear();
        }
    }

    [Fact]
    public void A_list_has_what_was_done_with_it()
    {
        SharedList<string> list = ["a", "b"];
        list.AddRange(["c", "a"]);
        (list[1], var before) = ("d", list.ToList());
        Assert.Equal(["a", "b", "c", "a"], before);
        Assert.Equal(["a", "d", "c", "a"], list);
        Assert.Equal((4, 0, 3, -1, "a"), (list.Count, list.IndexOf("a"), list.LastIndexOf("a"), list.IndexOf("b"), list[^1]));
        list.Clear();
        Assert.Empty(list);
    }

    private static IEnumerable<int> Numbers => Enumerable.Range(0, Writers * Each);

    /// <summary>Reads again and again until everything is written.</summary>
    private static async Task WhileWriting(Action<int> write, Action read)
    {
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(async () =>
        {
            await begin.Task;
            for (var i = 0; i < Each; i++) write((w * Each) + i);
        })));
        var reading = Task.Run(() =>
        {
            begin.SetResult();
            do read();
            while (!writing.IsCompleted);
        });
        await writing;
        await reading;
    }
}
