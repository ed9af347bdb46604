using System.Text.Json.Nodes;
using Xunit;

namespace Releases.Aws.Tests.Templates;

/// <summary>Whether CloudFormation takes a template: its sections, types, properties and references.</summary>
internal static class TemplateStructure
{
    private static readonly string[] Sections = ["AWSTemplateFormatVersion", "Description", "Parameters", "Conditions",
        "Resources", "Outputs"];
    private static readonly string[] OfParameters = ["Type", "Default", "AllowedPattern", "AllowedValues", "Description"];
    private static readonly string[] OfResources = ["Type", "Condition", "DependsOn", "DeletionPolicy",
        "UpdateReplacePolicy", "Properties"];

    /// <summary>What loses data when it is deleted.</summary>
    private static readonly string[] Keeping = ["AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::KMS::Alias",
        "AWS::ECR::Repository", "AWS::Logs::LogGroup"];

    public static void Check(string text)
    {
        var template = new Template(text);
        Assert.Empty(template.Root.Select(s => s.Key).Except(Sections));
        foreach (var (name, parameter) in template.Parameters)
        {
            Assert.Empty(parameter!.AsObject().Select(p => p.Key).Except(OfParameters));
            Assert.False(string.IsNullOrEmpty((string?)parameter["Description"]), $"{name} has no description.");
        }

        Assert.All(template.Resources.Select(r => r.Key).Concat(template.Parameters.Select(p => p.Key)),
            n => Assert.Matches("^[A-Za-z0-9]{1,255}$", n));
        Assert.Empty(template.Resources.Select(r => r.Key).Intersect(template.Parameters.Select(p => p.Key)));
        foreach (var (name, resource) in template.Resources) Check(name, resource!.AsObject());
        References(template);
        Assert.Empty(template.Parameters.Select(p => p.Key).Except(Template.References(template.Root)));
        Acyclic(template);
        Conditional(template);
    }

    /// <summary>
    /// What exists only under a condition is referred to only where the same holds: in a part with that condition or one that implies it,
    /// or behind an <c>If</c> of one.
    /// </summary>
    private static void Conditional(Template template)
    {
        var conditions = template.Root["Conditions"]?.AsObject() ?? [];
        foreach (var (name, part) in template.Resources.Concat(template.Root["Outputs"]?.AsObject() ?? []))
            Within(name, part!, Holding((string?)part!["Condition"]));

        HashSet<string> Holding(string? condition) => condition is null ? [] :
        [
            condition, .. (conditions[condition]!["Fn::And"] as JsonArray ?? []).Select(c => (string?)c!["Condition"]).OfType<string>()
                .SelectMany(Holding),
        ];

        void Within(string name, JsonNode? node, HashSet<string> holding)
        {
            if (node is JsonObject { Count: 1 } only && only["Fn::If"] is JsonArray { Count: 3 } choice)
            {
                Assert.True(conditions.ContainsKey((string)choice[0]!), $"{choice[0]} is no condition.");
                Within(name, choice[1], [.. holding, .. Holding((string)choice[0]!)]);
                Within(name, choice[2], holding);
                return;
            }

            var children = node switch
            {
                JsonObject map when !map.ContainsKey("Ref") && !map.ContainsKey("Fn::GetAtt") && !map.ContainsKey("Fn::Sub") =>
                    map.Select(m => m.Value),
                JsonArray list => list,
                _ => null,
            };
            if (children is null)
                foreach (var needed in Template.References(node).Select(r => r.Split('.')[0]))
                    Assert.True(template.Resources[needed]?["Condition"] is not { } condition || holding.Contains((string)condition!),
                        $"{name} refers to {needed}, which exists only under {template.Resources[needed]?["Condition"]}.");
            else
                foreach (var child in children) Within(name, child, holding);
        }
    }

    private static void Check(string name, JsonObject resource)
    {
        Assert.Empty(resource.Select(r => r.Key).Except(OfResources));
        var type = (string)resource["Type"]!;
        var shape = DocumentedShape.ByType[type];
        var properties = Template.Properties(resource).Select(p => p.Key).ToList();
        Assert.False(shape.Required.Except(properties).Any(), $"{name} lacks {string.Join(", ", shape.Required.Except(properties))}.");
        Assert.False(properties.Except(shape.Required).Except(shape.Optional).Any(),
            $"{name} has {string.Join(", ", properties.Except(shape.Required).Except(shape.Optional))}.");
        Assert.Equal(Keeping.Contains(type) ? ("RetainExceptOnCreate", "Retain") : (null, null),
            ((string?)resource["DeletionPolicy"], (string?)resource["UpdateReplacePolicy"]));
    }

    private static void References(Template template)
    {
        foreach (var reference in Template.References(template.Root))
        {
            if (reference.StartsWith("AWS::", StringComparison.Ordinal)) continue;
            var parts = reference.Split('.');
            if (parts.Length == 1) Assert.True(template.Parameters.ContainsKey(reference) || template.Resources.ContainsKey(reference),
                $"{reference} is nowhere.");
            else Assert.Contains(parts[1], DocumentedShape.ByType[(string)template.Resources[parts[0]]!["Type"]!].Attributes);
        }
    }

    private static void Acyclic(Template template)
    {
        var needs = template.Resources.ToDictionary(r => r.Key, r => Template.References(r.Value).Select(n => n.Split('.')[0])
            .Where(template.Resources.ContainsKey).Concat((r.Value!["DependsOn"] as JsonArray)?.Select(d => (string)d!) ?? []).ToHashSet());
        foreach (var (name, of) in needs)
            foreach (var needed in of) Assert.True(needs.ContainsKey(needed), $"{name} depends on {needed}, which is nowhere.");
        while (needs.Count > 0)
        {
            var free = needs.Where(n => !n.Value.Any(needs.ContainsKey)).Select(n => n.Key).ToList();
            Assert.True(free.Count > 0, $"These wait for each other: {string.Join(", ", needs.Keys)}.");
            foreach (var name in free) needs.Remove(name);
        }
    }
}
