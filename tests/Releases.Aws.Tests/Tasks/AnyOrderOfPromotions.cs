using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Releases.Testing;
using Xunit;
using static Releases.Aws.Tests.Tasks.ATaskRelease;

namespace Releases.Aws.Tests.Tasks;

public sealed class AnyOrderOfPromotions
{
    private static readonly string[] Names = ["GREETING", "FROM_BASE", "LOG_LEVEL", "BASE_SECRET", "TOKEN", "A", "B"];

    /// <summary>Some releases, each with some secrets and some plain variables, and an order in which they are promoted, again and
    /// again.</summary>
    [Property(MaxTest = 300)]
    public Property Gives_each_release_the_same_task_definition_and_leaves_nothing_of_another_one()
    {
        var variables = Gen.Elements(Names).ListOf().Select(n => n.Distinct().ToList());
        var releases = Gen.Zip(variables, variables).ListOf(3);
        return Prop.ForAll(Gen.Zip(releases, Gen.Choose(0, 2).ListOf(6)).ToArbitrary(), made => Holds([.. made.Item1], made.Item2));
    }

    [Fact]
    public void What_a_service_runs_is_no_base_once_it_is_ours_and_a_lost_record_is_said()
    {
        var yours = new DescribedTaskDefinition(Base(), Tags());
        var ours = new DescribedTaskDefinition(Base(), (JsonArray)TaskDefinition.Create(yours, Release())["tags"]!);
        Assert.Same(yours, DescribedTaskDefinition.BaseOf(A.Web, ours, yours));
        Assert.Same(yours, DescribedTaskDefinition.BaseOf(A.Web, yours, ours));
        var problem = Assert.Throws<ProblemException>(() => DescribedTaskDefinition.BaseOf(A.Web, ours, null)).Problems[0];
        Assert.StartsWith("web runs a task definition of a release, and its base task definition isn't recorded", problem.Message,
            StringComparison.Ordinal);
    }

    private static void Holds((List<string> Secrets, List<string> Plain)[] made, IEnumerable<int> order)
    {
        var releases = made.Select((m, i) => Release(
            m.Secrets.ToDictionary(n => n, n => $"arn:{i}:{n}"), m.Plain.ToDictionary(n => n, n => $"{i}"))).ToList();
        var seen = new Dictionary<int, string>();
        var (current, recorded) = (new DescribedTaskDefinition(Base(), Tags()), (DescribedTaskDefinition?)null);
        foreach (var i in order)
        {
            recorded = DescribedTaskDefinition.BaseOf(releases[i].Service.Name, current, recorded);
            var definition = TaskDefinition.Create(recorded, releases[i] with { Promotion = PromotionId.New() });
            current = new((JsonObject)definition.DeepClone(), (JsonArray)definition["tags"]!.DeepClone());
            definition.Remove("tags");
            var text = definition.ToJsonString();
            Assert.Equal(seen.TryAdd(i, text) ? text : seen[i], text);

            var container = Container(definition);
            var secret = Entries(container, "secrets").Select(e => e.Split('=')[0]).ToList();
            var plain = Entries(container, "environment").Select(e => e.Split('=')[0]).ToList();
            Assert.Empty(secret.Intersect(plain));
            Assert.Equal(secret.Count + plain.Count, secret.Concat(plain).Distinct().Count());
            string[] ofBase = ["FROM_BASE", "GREETING", "RELEASE", "BASE_SECRET", "LOG_LEVEL"];
            Assert.Equal(ofBase.Concat(made[i].Secrets).Concat(made[i].Plain).Distinct().Order(), secret.Concat(plain).Order());
            Assert.All(made[i].Secrets, n => Assert.Contains($"{n}=arn:{i}:{n}", Entries(container, "secrets")));
        }
    }
}
